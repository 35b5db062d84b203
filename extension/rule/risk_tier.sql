
CREATE TYPE risk_tier AS ENUM ('green', 'near_green', 'yellow', 'orange', 'red', 'dark_red');
COMMENT ON TYPE risk_tier IS
'The ladder on which policies are compared: green < near_green < yellow < orange < red < dark_red. Each tier of a policy stands on one rung; unknown is NULL, not a rung.';
