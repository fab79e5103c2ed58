-- model: outcome_sum
-- grain: the month
-- inputs: behaviour_figure
-- fills: sums, who
-- How often each outcome came, among those whom a kind is about: a source that never says one cannot tell anybody by
-- it.
select {sums} from behaviour_figure where {who}
