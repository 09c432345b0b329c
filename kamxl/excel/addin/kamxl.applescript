-- Written by "kamxl addin install", which also knows the interpreter. Excel's sandbox lets the add-in
-- run only this. It takes words it knows and nothing else, so no workbook reaches the command line.

property interpreter : $interpreter

on Press(parameter)
	set theWord to ""
	repeat with knownWord in {"new", "import", "issue", "reply", "check", "consolidate", "refresh", "brief", "decide", "open", "about"}
		repeat with known in {$languages}
			if parameter is (contents of knownWord) & "|" & (kamxlLanguage of contents of known) then
				set theWord to contents of knownWord
				set theLanguage to kamxlLanguage of contents of known
				set theSentence to kamxlSentence of contents of known
			end if
		end repeat
	end repeat
	if theWord is "" then return "unknown"

	try
		do shell script "test -x " & quoted form of interpreter
	on error
		return "missing"
	end try

	set logFile to (POSIX path of (path to temporary items from user domain)) & "kamxl-addin.log"
	set pressed to " -P -m kamxl --kamxl-press " & quoted form of theWord & " " & quoted form of theLanguage
	-- Which Excel was clicked in: the program in front, by the number of its process.
	set whichExcel to "\"--pid=`/usr/bin/lsappinfo front | /usr/bin/xargs /usr/bin/lsappinfo info -only pid 2> /dev/null`\""
	set startPython to quoted form of interpreter & pressed & " " & whichExcel & " > /dev/null 2> " & quoted form of logFile
	set allWell to "test ! -s " & quoted form of logFile
	-- The sentence is an argument of the alert, never part of its script.
	set tellWhy to "/usr/bin/osascript -e 'on run argv' -e 'display alert (item 1 of argv)' -e 'end run' " & quoted form of (theSentence & " " & logFile)
	do shell script "( " & startPython & " && " & allWell & " || " & tellWhy & " ) > /dev/null 2>&1 &"
	return ""
end Press
