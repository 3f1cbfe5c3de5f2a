// en: Which indicators belong to an activity without outputs?
// zh-Hant: 哪些行為指標所屬的工作活動沒有工作產出？
// shows: indicators of activities for which the document prints no output

MATCH (s:Standard)<-[:OF_STANDARD]-(a:Activity)-[:HAS_INDICATOR]->(i)
WHERE NOT (a)-[:HAS_OUTPUT]->()
RETURN s.code AS standard, a.code AS activity, i.code AS indicator, i.text AS text
ORDER BY standard, activity, indicator
