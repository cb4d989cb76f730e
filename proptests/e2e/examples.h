// The examples of a document for people: the commands in it, and what it shows of their answers.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace quickbite {

struct Example {
  std::string command;
  std::string answer;  // as the document shows it
  int line = 0;        // of the document, from 1
};

// Of each "$ command" in a ```console block: a command goes on where its line ends in a backslash, and all until the next command
// is its answer.
std::vector<Example> examples_of(std::string_view document);

// Holds what a running system answers against what a document shows. Two of a kind need not be the same where nobody can know them
// before: an instant stands for any, and "…" for anything. An id stands for the first that is met in its place, and from then on
// for that one alone.
class Likeness {
 public:
  // The text with the ids that were met so far in place of the document's.
  std::string real(std::string_view shown) const;

  // Both begin with a status line. The status has to be the same, each header that is shown has to be there, and the body has to
  // have the same members in the same order, with values of the same kind and, but for some numbers, the same values.
  // "" where it is so; else the first difference.
  std::string difference(std::string_view shown, std::string_view got);

 private:
  friend class Walk;
  bool is_like(std::string_view shown, std::string_view got);

  std::map<std::string, std::string, std::less<>> ids_;  // the document's → the system's
};

}  // namespace quickbite
