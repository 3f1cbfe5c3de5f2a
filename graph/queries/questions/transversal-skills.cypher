// en: Which transversal and cross-sector skills do most occupations take?
// zh-Hant: 最多職業需要的通用及跨領域技能有哪些？
// shows: skills of the widest reuse levels, by how many occupations take them as essential
// needs: esco
// edit: the reuse levels; the others are sector-specific and occupation-specific

UNWIND ["transversal", "cross-sector"] AS reuse
MATCH (c:Concept {reuseLevel: reuse})<-[:REQUIRES_SKILL]-(s:Standard)
WITH c, reuse, count(DISTINCT s) AS occupations
RETURN reuse, c.text AS name, occupations
ORDER BY occupations DESC, name, reuse
LIMIT 25
