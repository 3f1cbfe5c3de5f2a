// en: How widely are skills and knowledge reused?
// zh-Hant: 技能與知識的通用程度如何？
// shows: concepts of ESCO by reuse level and kind, and in how many places an occupation takes one as essential
// needs: esco

MATCH (c:Concept)
WHERE c.reuseLevel IS NOT NULL
OPTIONAL MATCH (c)<-[:REQUIRES_SKILL|REQUIRES_KNOWLEDGE]-(s:Standard)
RETURN c.reuseLevel AS reuse, c.conceptKind AS kind, count(DISTINCT c) AS concepts, count(s) AS places
ORDER BY reuse, kind
