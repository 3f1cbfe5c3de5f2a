"""From text to competencies: folding, lexical and dense arms, ranking, evaluation."""
