// en: Which knowledge is required together with which skill?
// zh-Hant: 哪些知識與哪些技能一起被需要？
// shows: pairs of a skill and a knowledge of one standard, by the number of tasks or activities that require both

MATCH (o:Standard)<-[:OF_STANDARD]-(h)-[:REQUIRES_SKILL]->(s)
MATCH (h)-[:REQUIRES_KNOWLEDGE]->(k)
RETURN o.code AS standard, s.text AS skill, k.text AS knowledge, count(DISTINCT h) AS together
ORDER BY together DESC, standard, skill, knowledge
LIMIT 25
