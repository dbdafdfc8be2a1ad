FROM odoo:19.0
USER root
# What our addons need beyond the image's own packages, locked; a folder of its own leaves the image's packages alone.
COPY requirements/addons.txt /tmp/addons.txt
RUN pip3 install --no-cache-dir --no-deps --require-hashes --target=/opt/civic/python -r /tmp/addons.txt && rm /tmp/addons.txt
ENV PYTHONPATH=/opt/civic/python
COPY addons /mnt/extra-addons
COPY odoo.conf /etc/odoo/odoo.conf
COPY scripts/docker-entrypoint.sh /usr/local/bin/civic-entrypoint
RUN chmod 755 /usr/local/bin/civic-entrypoint && chown odoo:odoo /etc/odoo/odoo.conf
USER odoo
ENTRYPOINT ["civic-entrypoint"]
CMD ["odoo"]
