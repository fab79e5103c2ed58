-- model: input_reply
-- grain: one survey reply
-- inputs: reply_file
-- Survey replies of the same months.
select customer_id, score, score_scale from reply_file
