// en: Which skills does an industry ask for?
// zh-Hant: 一個行業需要哪些技能？
// shows: the path from an industry, with all below it, over standards and tasks to skills
// edit: the code of the industry; M is professional, scientific and technical services

WITH "M" AS section
MATCH (:SkosConcept {code: section})<-[:BROADER*0..]-(i)<-[:INDUSTRY]-(s:Standard)-[:HAS_TASK]->(t)
MATCH (t)-[:HAS_ACTIVITY*0..1]->()-[:REQUIRES_SKILL]->(k)
RETURN DISTINCT i.code AS industry, s.code AS standard, t.code AS task, k.code AS skill, k.text AS text
ORDER BY industry, standard, task, skill
