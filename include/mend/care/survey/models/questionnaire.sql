-- Which questions a survey asked, of which version of the rules.
select questionnaire_code, rule_version from survey where survey_id = :survey_id
