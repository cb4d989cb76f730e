// A story: a failure played on the running system in steps that a person can follow, each checked by
// HTTP, by SQL or in Kafka. The texts are the documentation of what QuickBite survives.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "domain/base/ids.h"
#include "domain/message/record.h"
#include "services/live/patience.h"
#include "services/live/stack.h"

namespace quickbite::live {

// What a story plays on, and what it remembers from step to step.
struct Scene {
  Stack& stack;
  const Interrupt& interrupt;
  absl::Duration patience = absl::Seconds(30);  // for what has to become true again

  std::string sku = {};              // of the story's own: nobody else orders it
  std::int64_t quantity = 0;         // asked for by `orders`, together
  std::vector<OrderId> orders = {};  // every one that was answered 201
  std::vector<Record> poison = {};   // what was written to a topic, and where
};

// Ok, and what was seen, for a person ("" where the step's text says it all); or what was wrong.
using Seen = absl::StatusOr<std::string>;

struct Step {
  std::string_view text;  // what is done or has to be true, as a sentence
  std::function<Seen(Scene&)> play;
};

struct Story {
  std::string_view name;  // a word for the command line and the tests
  std::string_view title;
  std::string_view why;   // what is at stake
  std::vector<Step> steps;
  // Puts the system back as it was, whatever happened; not part of what is checked.
  std::function<void(Scene&)> mend = [](Scene&) {};
};

class Narrator {
 public:
  virtual ~Narrator() = default;
  virtual void begin(const Story& story) = 0;
  virtual void step(const Step& step, const Seen& seen, absl::Duration took) = 0;
};

// Plays the steps until one fails, then mends. The failure, or Ok.
absl::Status tell(const Story& story, Scene& scene, Narrator& narrator);

// An order that is confirmed, one that is out of stock, one that is cancelled.
Story first_orders();
// The three classic ones.
Story kafka_stopped();
Story inventory_restarted();
Story invalid_json();

}  // namespace quickbite::live
