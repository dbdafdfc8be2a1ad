"""Logs in as somebody and asks for everything: every address, every model, in every way Odoo answers questions.

A hit is an answer that holds a word of somebody else: of another municipality (marked), of another household, another
shop's transaction, or what nobody may see (hashes of PINs). Also a hit: a question that tells by yes or no what may
not be read, and an address of ours that breaks.
"""

import itertools
import json
import re
import time
from pathlib import Path

import requests

from .marks import MARK, OFFSET
from .server import RpcError, RpcSession

SUPPORT = Path(__file__).resolve().parents[1]
#: Addresses that end the session, take minutes, or are Odoo's machinery without our data.
AVOIDED = re.compile(
    r"logout|/web/session/(destroy|authenticate)|/web/database|/web/tests|font_to_img|/web/assets|image_shape|/shape/|"
    r"/websocket$|worklet|/web/set_profiling|/discuss/gif|google|unsplash|iap_confirm|deactivate_account|passkey|"
    r"^/(odoo|scoped_app|web/(image|content))|ice_servers|media_library|generate_text|link_preview_external|create_test_job|runjob|xmlrpc|video_url|totp"
)
#: Which model's ids stand in an address.
PARAMETERS = {
    "program_id": "family.card.program",
    "application_id": "family.card.application",
    "card_id": "family.card",
    "document_id": "family.card.document",
    "attachment_id": "ir.attachment",
    "agreement_id": "circuit.agreement",
    "offer_id": "circuit.offer",
    "config_id": "pos.config",
    "reference": "circuit.circuit",
    "transaction_id": "circuit.transaction",
    "complaint_id": "circuit.complaint",
    "circuit_id": "circuit.circuit",
    "campaign_id": "ecoupon.campaign",
    "coupon_id": "ecoupon.coupon",
    "batch_id": "ecoupon.batch",
    "invoice_id": "account.move",
    "record": "family.registry.import",
    "res_id": "mail.message",
    "message_id": "mail.message",
    "pos_order_id": "pos.order",
    "channel_id": "discuss.channel",
    "id": "ir.attachment",
    "id_": "pos.config",
    "partner": "res.partner",
    "attachments": "ir.attachment",
}
WORDS = {
    "extension": ["csv", "xlsx"],
    "step": ["person", "family", "documents", "declarations", "summary"],
    "audience": ["citizen", "merchant"],
    "filename": ["file"],
    "filetype": ["pdf"],
    "page": ["1"],
    "field": ["datas", "raw", "image_1920", "document", "content", "file"],
    "model_name": ["family.card", "res.partner"],
    "converter": ["html", "text"],
}
#: Whose chatter is asked for.
THREADS = (
    "res.partner family.card family.card.application circuit.agreement pos.session ecoupon.campaign"
    " ecoupon.join.request"
).split()
LIMIT = 200
#: For one persona; three ask at a time.
SECONDS = 100
#: Pages of the suite's own; what an addon changes of Odoo's keeps Odoo's headers.
PAGES = re.compile(r"/(merchant|circuit|family-card|coupons|my/(card|coupons|reserved))\b(?!\.)")


def facts(server):
    """Prepare a server's database (see crawl_setup) and return what the crawler needs to know."""
    code = (
        f"import sys; sys.path.insert(0, {str(SUPPORT)!r})\nfrom support import crawl_setup\ncrawl_setup.build(env)\n"
    )
    line = next(line for line in server.shell(code).splitlines() if line.startswith("CRAWL "))
    return json.loads(line.removeprefix("CRAWL "))


def told(answer):
    """Whether an answer to a question about a forbidden field says anything but nothing."""
    if isinstance(answer, list) and answer and isinstance(answer[0], dict):
        return any(value for row in answer for key, value in row.items() if key != "__extra_domain")
    return bool(answer)


class Crawler:
    """One persona with a session of its own; `hits` is what it has seen and should not have."""

    def __init__(self, server, known, persona):
        """Log in; `known` is what `facts` returned."""
        self.known, self.persona, self.me = known, persona, known["personas"][persona]
        self.session = RpcSession(server.url)
        if self.me["login"]:
            self.session = server.session(self.me["login"], self.me["login"])
        self.url, self.hits, self.asked, self.until = server.url, [], 0, time.monotonic() + SECONDS
        secrets = {*self.me["secrets"], *known["hashes"]}
        self.names = {word for word in secrets if " " in word}
        self.tokens = secrets - self.names
        self.public = set(known["public"])
        self.readable = []

    def crawl(self):
        """Try everything; on a machine that is too busy what comes last is cut off after SECONDS.

        :return: list of "persona: question: what was seen"
        """
        self.until = time.monotonic() + SECONDS
        for step in (self.reports, self.models, self.oracles, self.threads, self.routes, self.files, self.methods):
            step()
        return self.hits

    # what an answer gives away

    def look(self, question, text):
        """Note a hit when the text of an answer holds what this persona must not see."""
        self.asked += 1
        found = self.tokens & set(re.findall(r"[\w+@.-]{9,}", text)) | {name for name in self.names if name in text}
        if not self.me["own_mark"]:
            found |= {mark for mark in re.findall(rf"{MARK}[0-9a-f]{{12}}", text) if mark not in self.public}
        echoed = {word for word in found if word in question}
        if found - echoed:
            self.hit(question, sorted(found - echoed)[:3])

    def hit(self, question, what):
        """Note a hit."""
        self.hits.append(f"{self.persona}: {question}: {what}")

    def rpc(self, path, **params):
        """Ask a JSON-RPC address.

        :return: its result; None when it was refused
        """
        if time.monotonic() > self.until:
            return None
        try:
            result = self.session.rpc(path, **params)
        except (RpcError, requests.RequestException, ValueError):
            return None
        self.look(f"{path} {json.dumps(params)[:300]}", json.dumps(result, ensure_ascii=False))
        return result

    def call(self, model, method, *args, **kwargs):
        """Call a model's method; see `rpc`."""
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self.rpc(path, model=model, method=method, args=list(args), kwargs=kwargs)

    def get(self, path, ours=False, **options):
        """Ask an address with GET; an address of ours that breaks is a hit."""
        if time.monotonic() > self.until:
            return None
        try:
            answer = self.session.get(self.url + path, timeout=60, allow_redirects=False, **options)
        except requests.RequestException:
            return None
        self.look(path, answer.text + str(answer.headers))
        if ours and answer.status_code >= 500:
            self.hit(path, f"answers {answer.status_code}")
        if PAGES.match(path) and answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
            self._judge_headers(path, answer.headers)
        return answer

    def _judge_headers(self, path, headers):
        """A page of ours stays out of foreign frames, and a personal one out of caches."""
        if "frame-ancestors" not in headers.get("Content-Security-Policy", ""):
            self.hit(path, "may be framed by any site")
        if self.me["login"] and not {"no-store", "no-cache"} & set(
            re.split(r"[, ]+", headers.get("Cache-Control", ""))
        ):
            self.hit(path, "may be kept by a cache")

    # every address

    def routes(self):
        """Every address of the routing map, with own, others' and the other municipality's ids."""
        for route in sorted(self.known["routes"], key=lambda route: not route["ours"]):
            if AVOIDED.search(route["rule"]):
                continue
            for path in itertools.islice(self._paths(route["rule"]), 60 if route["ours"] else 2):
                if route["type"] == "jsonrpc":
                    for record in self.known["ids"]["res.partner"][-2:]:
                        self.rpc(
                            path, thread_model="res.partner", thread_id=record, res_model="res.partner", res_id=record
                        )
                elif "GET" in route["methods"] or not route["ours"]:
                    self.get(path, route["ours"])
                if "POST" in route["methods"] and route["ours"]:
                    self._post(path)

    def _paths(self, rule):
        """A rule's addresses with every parameter filled in."""
        parts = re.split(r"(<[^>]*>)", rule)
        choices = [self._fill(part) if part.startswith("<") else [part] for part in parts]
        for path in itertools.product(*choices):
            yield "".join(map(str, path))

    def _fill(self, part):
        converter, _colon, name = part.strip("<>").rpartition(":")
        model = re.search(r'"([^"]+)"', converter)
        if model or name in PARAMETERS:
            return self.known["ids"].get(model[1] if model else PARAMETERS[name]) or [1]
        return WORDS.get(name) or (["1", str(OFFSET + 1)] if "int" in converter else ["x"])

    def _post(self, path):
        if time.monotonic() > self.until:
            return
        token = re.search(r'csrf_token: "([^"]+)"', self.session.get(f"{self.url}/web/login", timeout=60).text)
        try:
            data = {"csrf_token": token[1] if token else "", "fiscal_code": "x", "name": "x"}
            answer = self.session.post(self.url + path, data=data, timeout=60, allow_redirects=False)
        except requests.RequestException:
            return
        self.look(f"POST {path}", answer.text + str(answer.headers))
        if answer.status_code >= 500:
            self.hit(f"POST {path}", f"answers {answer.status_code}")

    # every model

    def models(self):
        """Every model: search and read, nested reading, groups, names, export."""
        if not self.me["login"]:
            return
        for model, about in self.known["models"].items():
            if not about["carries"] and model not in self.me["open"]:
                continue
            rows = self.call(model, "search_read", [], [], limit=LIMIT, context={"active_test": False})
            if about["carries"]:
                self.call(model, "name_search", "", limit=LIMIT)
                self.call(model, "read", self.known["ids"][model], [])
                self.call(model, "web_read", self.known["ids"][model], {"display_name": {}})
                self.call(model, "default_get", list(about["relations"]))
            if rows is None and model in self.me["plain"]:
                # one field that leads to a closed model hides the others
                rows = self.call(model, "search_read", [], self.me["plain"][model], limit=LIMIT)
            if rows is None:
                continue
            self.readable.append(model)
            nested = {field: {"fields": {"display_name": {}, "id": {}}} for field in about["relations"]}
            self.call(model, "web_search_read", [], {"display_name": {}, **nested}, limit=LIMIT)
            for field in [*list(about["relations"])[:4], *about["texts"][:2]] if about["carries"] else []:
                self.call(model, "formatted_read_group", [], [field], ["__count"], limit=LIMIT)
            exported = [f"{field}/display_name" for field in about["relations"]] + ["display_name"]
            self.call(model, "export_data", [row["id"] for row in rows[:50]], exported)

    # questions that are answered by yes and no

    def oracles(self):
        """What may not be read must not be searched, sorted or grouped by either, nor through a relation."""
        for model, fields in self.me["restricted"].items():
            for field in fields if model in self.readable else ():
                for question, answer in (
                    ("domain", self.call(model, "search_count", [(field, "!=", False)])),
                    ("order", self.call(model, "search", [], order=field, limit=1)),
                    ("group", self.call(model, "formatted_read_group", [], [field], ["__count"])),
                    ("aggregate", self.call(model, "formatted_read_group", [], [], [f"{field}:count"])),
                ):
                    if told(answer):
                        self.hit(f"{model}.{field}", f"told by {question}")
        for model in self.readable:
            for field, comodel in self.known["models"][model]["relations"].items():
                if comodel in self.me["open"]:
                    continue
                for text in self.known["models"][comodel]["texts"]:
                    if self.call(model, "search_count", [(f"{field}.{text}", "like", "_")]):
                        self.hit(f"{model}.{field}.{text}", "told by a domain")

    # messages, files, papers

    def threads(self):
        """Chatter of everybody's records: messages, followers, suggestions, attachments."""
        for model in THREADS:
            for record in self.known["ids"][model]:
                thread = {"thread_model": model, "thread_id": record}
                self.rpc("/mail/thread/messages", **thread, fetch_params={"limit": 30})
                self.rpc("/mail/thread/recipients/get_suggested_recipients", **thread)
                self.rpc("/mail/chatter_fetch", **thread)
                self.rpc("/portal/chatter_init", **thread)
                self.rpc("/mail/read_subscription_data", follower_id=record)
                asked = {"request_list": ["messages", "followers", "attachments", "suggestedRecipients"]}
                self.rpc("/mail/data", fetch_params=[["mail.thread", {**thread, **asked}]])
        self.rpc("/mail/data", fetch_params=["init_messaging", "channels_as_member"])
        self.rpc("/discuss/search", term=MARK)
        self.rpc("/websocket/peek_notifications", channels=["res.partner_1", "broadcast"], last=0, is_first_poll=True)

    def files(self):
        """Contents of attachments and of the file fields of our models."""
        for model, ids in self.known["ids"].items():
            for record, field in itertools.product(ids[-2:], self._files_of(model)):
                self.get(f"/web/content/{model}/{record}/{field}")
        for record in self.known["ids"]["ir.attachment"]:
            self.get(f"/web/content/{record}")
            self.get(f"/web/image/{record}")

    def _files_of(self, model):
        return self.known["models"].get(model, {"files": []})["files"][:3]

    def reports(self):
        """Every paper of ours, of everybody."""
        for report, model in self.known["reports"]:
            for record in self.known["ids"][model]:
                self.get(f"/report/html/{report}/{record}")

    # every button

    def methods(self):
        """Every public method of our models on the other municipality's records, and for outsiders on all."""
        if not self.me["login"] or self.me["own_mark"]:
            return
        staff = self.persona in ("officer", "manager", "operator", "region")
        for model, about in self.known["models"].items():
            ids = self.known["ids"].get(model, [])
            for method in about["methods"]:
                for record in [one for one in ids if one >= OFFSET or not staff]:
                    self.call(model, method, [record])
