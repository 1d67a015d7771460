"""The case page, part by part: each module draws one tab."""
