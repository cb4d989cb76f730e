// A dead letter in words: for a person, and for a machine.
#pragma once

#include <string>

#include "services/cli/dlq.h"
#include "services/cli/json_text.h"

namespace quickbite::cli {

// Where the letter stands: ready (can be redriven), handled, under-way, sent, unreadable, spent, no-letter.
std::string state_of(const LetterFound& found);

// A table with a line for each.
std::string letters_table(const std::vector<KeptLetter>& letters);

// All that is known of one, with at most `most` bytes of its record.
std::string letter_text(const KeptLetter& letter, std::size_t most);

// An object's members; with `whole`, its bytes and headers too.
void letter_members(JsonText& json, const KeptLetter& letter, bool whole);

}  // namespace quickbite::cli
