// en: Which version replaced an older one in the end?
// zh-Hant: 舊版本最終由哪一版本取代？
// shows: replaced versions with the newest that follows, over all steps between

MATCH (a)-[:IS_REPLACED_BY*1..]->(b)
WHERE a.code IS NOT NULL AND NOT (b)-[:IS_REPLACED_BY]->()
RETURN DISTINCT a.code AS old, b.code AS new
ORDER BY old, new
