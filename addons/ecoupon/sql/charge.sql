-- R-000-06, R-000-13: a coupon and what its campaign says of where, when, for whom and on what it counts, in one
-- statement. A function, because its plan is kept.
CREATE OR REPLACE FUNCTION ecoupon_find(p_digest text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', c.id, 'circuit', m.circuit_id, 'issuer', m.issuer_id, 'holder', c.holder_id, 'name', m.name,
        'live', c.cancelled_at IS NULL AND m.state IN ('published', 'ended'),
        'from', greatest(c.valid_from, m.valid_from), 'until', least(c.expires_at, m.valid_to),
        'kind', m.kind, 'amount', coalesce(m.amount, 0)::text, 'percent', coalesce(m.percent, 0)::text,
        'maximum', coalesce(m.max_discount, 0)::text, 'minimum', coalesce(m.min_purchase, 0)::text,
        'alone', coalesce(m.alone, false), 'area', m.area, 'accept', m.accept, 'stacking', k.coupon_stacking,
        'goods', ARRAY(SELECT circuit_activity_id FROM ecoupon_campaign_activity_rel WHERE ecoupon_campaign_id = m.id),
        'shops', ARRAY(SELECT res_partner_id FROM ecoupon_campaign_accept_rel WHERE ecoupon_campaign_id = m.id),
        'categories',
        ARRAY(SELECT circuit_category_id FROM ecoupon_campaign_category_rel WHERE ecoupon_campaign_id = m.id),
        'policies', ARRAY(SELECT ecoupon_policy_id FROM ecoupon_campaign_policy_rel WHERE ecoupon_campaign_id = m.id))
      FROM ecoupon_coupon c JOIN ecoupon_campaign m ON m.id = c.campaign_id
      JOIN circuit_circuit k ON k.id = m.circuit_id WHERE c.digest = p_digest);
END $$;

-- What the rules of a second coupon ask of the first ones.
CREATE OR REPLACE FUNCTION ecoupon_used(p_ids integer[])
RETURNS TABLE (id integer, circuit_id integer, alone boolean, goods integer[]) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.id, m.circuit_id, coalesce(m.alone, false), ARRAY(
           SELECT circuit_activity_id FROM ecoupon_campaign_activity_rel WHERE ecoupon_campaign_id = m.id)
      FROM ecoupon_coupon c JOIN ecoupon_campaign m ON m.id = c.campaign_id WHERE c.id = ANY(p_ids);
END $$;

-- R-000-38: how often a coupon is used now: its payments that are held or captured, but for those that were given back
-- in full. Nothing is stored, so whatever ends a payment gives the use back.
CREATE OR REPLACE FUNCTION ecoupon_uses(p_coupon integer) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT count(*) FROM circuit_transaction t
     WHERE t.instrument_model = 'ecoupon.coupon' AND t.instrument_id = p_coupon AND t.kind = 'payment'
       AND t.state IN ('authorized', 'captured')
       AND t.amount > (SELECT coalesce(sum(r.amount), 0) FROM circuit_transaction r
                        WHERE r.origin_id = t.id AND r.state = 'captured'));
END $$;

-- R-000-38: uses are counted under the coupon's lock, so that of two requests at once the second sees the first one.
-- p = {coupon_id, refused, funder_id, discount, at, hold}. {"outcome": "quote"} tells the caller that the quote's own
-- refusal is the answer. A stop or the coupon's end are looked at again: they may have come while the lock was waited for.
CREATE OR REPLACE FUNCTION ecoupon_charge(p jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    c record;
    t circuit_transaction;
    v_hold jsonb := p->'hold';
    v_replay jsonb;
BEGIN
    SELECT id, campaign_id, uses, expires_at, cancelled_at INTO c FROM ecoupon_coupon
     WHERE id = (p->>'coupon_id')::integer FOR NO KEY UPDATE;
    v_replay := circuit_replay(v_hold);
    IF v_replay IS NOT NULL THEN
        RETURN v_replay;
    ELSIF c.cancelled_at IS NOT NULL OR NOT EXISTS (
        SELECT FROM ecoupon_campaign WHERE id = c.campaign_id AND state IN ('published', 'ended')
    ) THEN
        RETURN circuit_refused('COUPON_STOPPED');
    ELSIF ecoupon_uses(c.id) >= c.uses THEN
        RETURN circuit_refused('COUPON_SPENT');
    ELSIF c.expires_at <= (p->>'at')::timestamp THEN
        RETURN circuit_refused('COUPON_ENDED');
    ELSIF (p->>'refused')::boolean THEN
        RETURN jsonb_build_object('outcome', 'quote');
    END IF;
    t := circuit_open(v_hold, NULL, (p->>'funder_id')::integer, (p->>'discount')::numeric, NULL);
    IF t.id IS NULL THEN  -- the key was taken meanwhile, by a void or with another coupon
        RETURN coalesce(circuit_replay(v_hold), circuit_refused('KEY_CONFLICT'));
    END IF;
    RETURN circuit_outcome('authorized', t);
END $$;
