// A whole system that one test has to itself: it may do to its broker and its database what it likes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "domain/base/ids.h"
#include "services/live/patience.h"
#include "services/live/stack.h"

namespace quickbite {

// The folder of Apache Kafka's jars; "" where nobody has named one, and the broker is the embedded one.
std::string kafka_jars();

// A folder that is there until its owner ends; after a failure it stays, for its logs.
class LogFolder {
 public:
  LogFolder();
  ~LogFolder();
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class OwnSystem {
 public:
  // Ends the test's executable where it does not come up: no test makes sense without it. The folder is ours.
  explicit OwnSystem(live::StackOptions options = {});
  ~OwnSystem();  // fails the test where a sanitizer has found something in one of its programs

  live::Stack& stack() { return *stack_; }
  const live::Interrupt& interrupt() const { return interrupt_; }
  std::string log_of(live::Child& service) const;

  // A SKU that nobody else orders, with more in stock than anybody will.
  std::string stocked();

  // Fails the test unless, within a minute, every one of them is CONFIRMED, and each reserved exactly once, with stock that is
  // what its movements add up to, an OrderCreated and an InventoryReserved in the topics, and no event left unsent.
  void expect_all_done_once(const std::vector<OrderId>& orders, const std::string& sku);

 private:
  LogFolder folder_;
  live::Interrupt interrupt_;
  std::unique_ptr<live::Stack> stack_;
};

}  // namespace quickbite
