# Writes the update script from an earlier version, from the install scripts of both:
#   awk -f make_update.awk -v old=0.1.0 georisk--0.1.0.sql by_hand.sql georisk--0.2.0.sql
# Functions, aggregates and views are replaced in place, so that whatever stands on them stays; a function that is gone, or
# takes other arguments now, steps aside until everything that called it has been replaced. Whatever else is new is made.
# What else changed is written by hand, and goes before: a changed type is one that by_hand.sql alters.

FNR == 1 { file = FILENAME == ARGV[1] ? 1 : FILENAME == ARGV[2] ? 2 : 3; stmt = inside = ""; depth = 0 }
stmt ~ /^[ \t\n]*$/ && /^\\/ { next }
{ take($0) }

# Statements end at a semicolon outside of quotes and of BEGIN ATOMIC ... END.
function take(rest,    token, word, at) {
	while (rest != "") {
		if (inside != "") {
			at = index(rest, inside)
			if (!at) { stmt = stmt rest; break }
			stmt = stmt substr(rest, 1, at + length(inside) - 1)
			rest = substr(rest, at + length(inside))
			inside = ""
		} else if (!match(rest, /'|"|--|\$[A-Za-z_]*\$|;|[A-Za-z_][A-Za-z_0-9]*/)) {
			stmt = stmt rest
			break
		} else {
			token = substr(rest, RSTART, RLENGTH)
			stmt = stmt substr(rest, 1, RSTART - 1)
			rest = substr(rest, RSTART + RLENGTH)
			if (token == "--") break
			stmt = stmt token
			word = toupper(token)
			if (token ~ /^['"$]/) inside = token
			else if (word == "BEGIN" && rest ~ /^[ \t]+ATOMIC/) depth = 1
			else if (word == "CASE" && depth) depth++
			else if (word == "END" && depth) depth--
			else if (token == ";" && !depth) {
				sub(/^[ \t\n]+/, "", stmt)
				statement(stmt)
				stmt = ""
			}
		}
	}
	if (stmt != "") stmt = stmt "\n"
}

function statement(text,    words) {
	if (file == 2) {
		by_hand[++hands] = text
		if (split(text, words) > 2 && words[1] words[2] == "ALTERTYPE") altered[words[3]] = 1
		return
	}
	# every routine has a comment, which says its arguments by their types alone
	if (match(text, /^COMMENT ON (FUNCTION|AGGREGATE) [^']*\)/)) {
		words[1] = substr(text, RSTART, RLENGTH)
		sub(/^COMMENT ON [A-Z]+ /, "", words[1])
		gsub(/[ \t\n]+/, " ", words[1])
		if (file == 1) old_routine[++olds] = words[1]
		else is_there[words[1]] = 1
	}
	if (file == 1) was[text] = 1
	else part[++parts] = text
}

END {
	print "\\echo Use \"ALTER EXTENSION georisk UPDATE\" to load this file. \\quit"
	suffix = "_of_" old
	gsub(/\./, "_", suffix)
	for (i = 1; i <= olds; i++)
		if (!(old_routine[i] in is_there)) {
			name = args = old_routine[i]
			sub(/\(.*/, "", name)
			sub(/^[^(]*/, "", args)
			print "ALTER ROUTINE " old_routine[i] " RENAME TO " name suffix ";"
			# what was made later may call what was made before
			gone = "'" name suffix args "'" (gone ? ",\n\t\t" : "") gone
		}
	for (i = 1; i <= hands; i++) print by_hand[i]
	for (i = 1; i <= parts; i++) {
		text = part[i]
		split(text, words)
		if (sub(/^CREATE (OR REPLACE )?FUNCTION/, "CREATE OR REPLACE FUNCTION", text) ||
			sub(/^CREATE (OR REPLACE )?AGGREGATE/, "CREATE OR REPLACE AGGREGATE", text) ||
			sub(/^CREATE (OR REPLACE )?VIEW/, "CREATE OR REPLACE VIEW", text) ||
			text ~ /^COMMENT/ || !(text in was || words[1] words[2] == "CREATETYPE" && words[3] in altered))
			print text
	}
	if (gone)
		print "DO $$\nDECLARE\n\tgone text;\n\tdependants text;\nBEGIN\n" \
			"\tFOREACH gone IN ARRAY ARRAY[\n\t\t" gone "] LOOP\n" \
			"\t\tEXECUTE 'DROP ROUTINE ' || gone;\n\tEND LOOP;\n" \
			"EXCEPTION WHEN dependent_objects_still_exist THEN\n" \
			"\tGET STACKED DIAGNOSTICS dependants = PG_EXCEPTION_DETAIL;\n" \
			"\tRAISE EXCEPTION 'something stands on a function of georisk " old " that takes other arguments now' USING\n" \
			"\t\tERRCODE = 'dependent_objects_still_exist', DETAIL = dependants,\n" \
			"\t\tHINT = 'Keep its definition, drop it, update the extension, and make it again.';\nEND\n$$;"
}
