-- What a shop did lately, in one look: guesses at this till and at the whole shop since p_since, and the instant of the
-- request with which the pace of p_pace requests in p_seconds was used up. Rows are only read, and only of one shop: no
-- till waits for another. A till that has guessed lately asks one at a time, or a burst of parallel requests would all
-- see the same count.
CREATE OR REPLACE FUNCTION circuit_tries(
    p_merchant integer, p_terminal text, p_since timestamp, p_pace integer, p_pace_since timestamp
) RETURNS TABLE (till bigint, till_last timestamp, merchant bigint, merchant_last timestamp, paced_from timestamp)
LANGUAGE plpgsql AS $$
BEGIN
    FOR v_round IN 1..2 LOOP
        SELECT count(*) FILTER (WHERE r.terminal = p_terminal), max(r.at) FILTER (WHERE r.terminal = p_terminal),
               count(*), max(r.at)
          INTO till, till_last, merchant, merchant_last
          FROM circuit_refusal r WHERE r.merchant_id = p_merchant AND r.guess AND r.at > p_since;
        EXIT WHEN till = 0 OR v_round = 2;
        PERFORM pg_advisory_xact_lock(hashtextextended('circuit.till:' || p_merchant || ':' || p_terminal, 0));
    END LOOP;
    IF p_pace > 0 THEN
        SELECT q.at INTO paced_from FROM (
            SELECT t.authorized_at AS at FROM circuit_transaction t
             WHERE t.merchant_id = p_merchant AND t.authorized_at > p_pace_since
            UNION ALL
            SELECT r.at FROM circuit_refusal r
             WHERE r.merchant_id = p_merchant AND r.at > p_pace_since AND r.code <> 'TOO_MANY'
        ) q ORDER BY q.at DESC OFFSET p_pace - 1 LIMIT 1;
    END IF;
    RETURN NEXT;
END $$;
