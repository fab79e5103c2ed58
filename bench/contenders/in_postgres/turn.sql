-- One turn of credits, each limited to what the credits before it left.
update gross
set applied_points = least(points, greatest(0, gross_points - coalesce((
    select sum(earlier.applied_points)
    from gross as earlier
    where earlier.subject_kind_code = gross.subject_kind_code and earlier.subject_id = gross.subject_id
        and earlier.turn < gross.turn and earlier.credited_at > gross.credited_at - %(repairs_within)s
), 0)))
where turn = %(turn)s;
