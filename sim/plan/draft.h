// A plan while it is read: what its lines have named so far, and one function for each kind of
// line.
#pragma once

#include <string>
#include <vector>

#include "sim/plan/line_reader.h"
#include "sim/plan/plan.h"

namespace quickbite::sim {

struct Draft {
  struct Label {
    std::string name;
    std::string client;
  };

  Plan plan;
  std::vector<Label> labels;
  bool replicas_given[2] = {false, false};  // by ServiceName
  bool partitions_given = false;
  bool settings_over = false;  // an act, a rule or an expectation has come

  // The owner of the next word, which must be a label that an order above it has; null where it is
  // none.
  const Label* need_label(LineReader& line) const;
};

// Each reads what follows the line's first word, and adds to the draft unless the line failed.
void read_at(LineReader& line, Draft& draft);
void read_when(LineReader& line, Draft& draft);
void read_finally(LineReader& line, Draft& draft);

ServiceName need_service(LineReader& line);
Topic need_topic(LineReader& line);

}  // namespace quickbite::sim
