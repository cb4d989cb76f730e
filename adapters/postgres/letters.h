// Dead letters as an operator finds them: the letter's row, its redrives, and what came of the event that it holds.
#pragma once

#include "adapters/postgres/connection.h"
#include "domain/port/letters.h"

namespace quickbite::postgres {

// Three statements, each with a snapshot of its own; the last is the newest.
LettersFound find_letters(Connection& connection, const FindLetters& find);

}  // namespace quickbite::postgres
