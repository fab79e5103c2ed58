-- model: modelled
-- grain: one night and open grumble
-- inputs: feature
-- fills: columns
-- The features that a complaint model asks for.
select day_on, grumble_id, {columns} from feature
