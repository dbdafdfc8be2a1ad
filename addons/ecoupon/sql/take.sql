-- What the same press of a button made before: p->>'request' is the form's own key, another person's tells nothing.
CREATE OR REPLACE FUNCTION ecoupon_taken_before(p jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('ids', jsonb_agg(id ORDER BY id)) FROM ecoupon_coupon
             WHERE request_key = p->>'request' AND campaign_id = (p->>'campaign_id')::integer
               AND holder_id IS NOT DISTINCT FROM (p->>'holder_id')::integer
               AND distributor_id IS NOT DISTINCT FROM (p->>'distributor_id')::integer
            HAVING count(*) > 0);
END $$;

-- R-000-38: coupons are handed out under the campaign's lock, so that of two who want the last one the second sees the
-- first. p = {campaign_id, holder_id, distributor_id, place_id, nonces, digests, at, uid, batch_ref, request}; one coupon for each
-- digest, all or none. {"refused": code, "limit": number} says why none.
CREATE OR REPLACE FUNCTION ecoupon_take(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    m ecoupon_campaign;
    v_at timestamp := (p->>'at')::timestamp;
    v_holder integer := (p->>'holder_id')::integer;
    v_uid integer := (p->>'uid')::integer;
    v_count integer := jsonb_array_length(p->'digests');
    v_left integer;
    v_ids integer[];
    v_before jsonb;
BEGIN
    SELECT * INTO m FROM ecoupon_campaign WHERE id = (p->>'campaign_id')::integer FOR NO KEY UPDATE;
    v_before := ecoupon_taken_before(p);
    IF v_before IS NOT NULL THEN
        RETURN v_before;
    ELSIF m.state <> 'published' THEN
        RETURN jsonb_build_object('refused', 'CLOSED');
    ELSIF m.publish_from > v_at THEN
        RETURN jsonb_build_object('refused', 'NOT_YET');
    ELSIF m.publish_to <= v_at OR m.valid_to <= v_at THEN
        RETURN jsonb_build_object('refused', 'ENDED');
    END IF;
    IF m.quantity > 0 THEN
        v_left := m.quantity - (SELECT count(*) FROM ecoupon_coupon WHERE campaign_id = m.id AND cancelled_at IS NULL);
        IF v_left < v_count THEN
            RETURN jsonb_build_object('refused', 'NONE_LEFT', 'limit', greatest(v_left, 0));
        END IF;
    END IF;
    IF v_holder IS NOT NULL AND m.per_person > 0 AND v_count > m.per_person - (
        SELECT count(*) FROM ecoupon_coupon
         WHERE campaign_id = m.id AND holder_id = v_holder AND cancelled_at IS NULL
    ) THEN
        RETURN jsonb_build_object('refused', 'PERSON', 'limit', m.per_person);
    END IF;
    WITH made AS (
        INSERT INTO ecoupon_coupon (campaign_id, circuit_id, issuer_id, company_id, nonce, digest, holder_id,
            distributor_id, place_id, batch_ref, request_key, issued_at, taken_at, valid_from, expires_at, uses,
            create_uid, create_date, write_uid, write_date)
        SELECT m.id, m.circuit_id, m.issuer_id, m.company_id, n.nonce, n.digest, v_holder,
               (p->>'distributor_id')::integer, (p->>'place_id')::integer, p->>'batch_ref', p->>'request', v_at,
               CASE WHEN p->>'batch_ref' IS NULL THEN v_at END, greatest(m.valid_from, v_at),
               CASE WHEN m.valid_days > 0 AND p->>'batch_ref' IS NULL
                    THEN least(m.valid_to, greatest(m.valid_from, v_at) + make_interval(days => m.valid_days))
                    ELSE m.valid_to END,
               m.uses, v_uid, now() AT TIME ZONE 'UTC', v_uid, now() AT TIME ZONE 'UTC'
          FROM ROWS FROM (jsonb_array_elements_text(p->'nonces'), jsonb_array_elements_text(p->'digests'))
            AS n(nonce, digest)
        RETURNING id
    )
    SELECT array_agg(id ORDER BY id) INTO v_ids FROM made;
    RETURN jsonb_build_object('ids', to_jsonb(v_ids));
END $$;
