// en: What did the newer version of a standard drop?
// zh-Hant: 新版職能基準刪去了哪些內容？
// shows: elements of the older version whose text is not in the newer one; what was reworded counts as dropped
// edit: the two codes; with the documents of iCAP, for example, BGM1219-002v2 and BGM1219-002v4

WITH "BGM2421-901v1" AS older, "BGM2421-901v2" AS newer
MATCH (:Standard {code: newer})<-[:OF_STANDARD]-(y)
WITH older, collect(y.text) AS kept
MATCH (:Standard {code: older})<-[:OF_STANDARD]-(x)
WHERE NOT x.text IN kept
RETURN [one IN labels(x) WHERE NOT one IN ["Resource", "Element", "Competency"]][0] AS kind,
  x.code AS code, x.text AS text
ORDER BY kind, code
