-- Households with a case in 7 days: 3 red; 2, or 1 with contact (not known counts as contact), orange; 1 yellow. None: green
-- when the last case is more than 14 days ago, else near-green.
SELECT id, CASE WHEN h.n >= 3 THEN 'red' WHEN h.n = 2 OR (h.n = 1 AND contact.yes) THEN 'orange' WHEN h.n = 1 THEN 'yellow'
                WHEN since.n > 14 THEN 'green' ELSE 'near_green' END AS tier
  FROM households_with('cases', 7, '{0,1,2,3}') h JOIN days_since('cases') since USING (id) JOIN yesno('contact', 14, true) contact USING (id)
