// en: How important are attitudes over all occupations?
// zh-Hant: 各種態度對所有職業的重要性如何？
// shows: work styles of O*NET with the number of occupations that rate them and the mean importance (1 to 5)
// needs: onet

MATCH (r:Requirement {kind: "attitude"})-[:CONCEPT]->(c)
WHERE r.importance IS NOT NULL
RETURN c.text AS name, count(r.importance) AS ratings, round(avg(r.importance) * 100) / 100 AS mean
ORDER BY mean DESC, name
