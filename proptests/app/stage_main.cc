// The real system for the app's browser tests (services/app/browser), which say on standard input what becomes of it:
//
//   quickbite-stage FOLDER APP [FLAG OF ORDERS…]
//
//   stock SKU QUANTITY            kafka down | up
//   orders kill | start | stop    inventory kill | start | pause | resume
//   count USER                    orders of a user in the database: how many, and with how many different ids
//
// Each line is answered by one line, "ok …" or "error …", once it has taken effect. The first line says where it serves. It ends
// with its standard input.
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/live/sql.h"
#include "services/live/stack.h"
#include "services/live/system_status.h"

namespace quickbite {
namespace {

using Words = std::vector<std::string>;

constexpr int kLookMs = 500;  // between two looks for the status page

class Stage {
 public:
  static absl::StatusOr<std::unique_ptr<Stage>> start(const std::string& folder, const std::string& app, Words flags) {
    auto told = live::SystemStatus::start(0);
    if (!told.ok()) return told.status();
    live::StackOptions options;
    options.folder = folder;
    options.fsync = false;
    options.app = app;
    options.app_status = (*told)->origin();
    options.orders_flags = std::move(flags);
    std::unique_ptr<Stage> stage(new Stage());
    auto stack = live::Stack::start(options, stage->never_, [](const std::string&, absl::Duration) {});
    if (!stack.ok()) return stack.status();
    stage->told_ = *std::move(told);
    stage->stack_ = *std::move(stack);
    return stage;
  }

  std::string url() const { return stack_->url(); }

  void look() {
    live::Serving serving;
    serving.pid = ::getpid();
    serving.api = stack_->url();
    serving.app = serving.api + "/";
    serving.status = serving.app + "status";
    serving.orders_database = stack_->outside_connection(postgres::Service::kOrders);
    serving.inventory_database = stack_->outside_connection(postgres::Service::kInventory);
    serving.kafka = stack_->kafka().bootstrap();
    serving.folder = stack_->folder();
    for (live::Child* child : {stack_->kafka().process(), &stack_->inventory(), &stack_->orders()}) {
      serving.processes.push_back({child->name(), child->pid(), child->log_path()});
    }
    told_->look(*stack_, serving, {});
  }

  absl::StatusOr<std::string> act(const Words& words) {
    std::int64_t quantity = 0;
    if (words.size() == 3 && words[0] == "stock" && absl::SimpleAtoi(words[2], &quantity)) {
      return done(stack_->add_stock(words[1], quantity));
    }
    if (words.size() == 2 && words[0] == "count") return count(words[1]);
    if (words == Words{"kafka", "down"}) return done(stack_->kafka().down());
    if (words == Words{"kafka", "up"}) return done(stack_->kafka().up());
    if (words.size() == 2 && words[0] == "orders") return child(stack_->orders(), words[1]);
    if (words.size() == 2 && words[0] == "inventory") return child(stack_->inventory(), words[1]);
    return absl::InvalidArgumentError("no such command");
  }

 private:
  Stage() = default;

  static absl::StatusOr<std::string> done(const absl::Status& status) {
    if (!status.ok()) return status;
    return "";
  }

  absl::StatusOr<std::string> child(live::Child& child, const std::string& what) {
    if (what == "start") return done(child.start(never_));
    if (what == "stop") return done(child.stop().status());
    if (what == "kill") {
      child.kill();
    } else if (what == "pause") {
      child.pause();
    } else if (what == "resume") {
      child.resume();
    } else {
      return absl::InvalidArgumentError("no such command");
    }
    return "";
  }

  absl::StatusOr<std::string> count(const std::string& user) {
    const auto rows = live::sql_rows(stack_->orders_database(),
                                     absl::StrCat("SELECT count(*), count(DISTINCT id) FROM orders WHERE user_id = '", user, "'"));
    if (!rows.ok()) return rows.status();
    return absl::StrJoin(rows->front(), " ");
  }

  live::Interrupt never_;
  std::unique_ptr<live::SystemStatus> told_;
  std::unique_ptr<live::Stack> stack_;
};

void say(const absl::StatusOr<std::string>& answer) {
  if (answer.ok()) {
    std::cout << "ok " << *answer << std::endl;
  } else {
    std::cout << "error " << absl::StrJoin(absl::StrSplit(answer.status().message(), '\n'), " ") << std::endl;
  }
}

int run(const std::string& folder, const std::string& app, Words flags) {
  auto stage = Stage::start(folder, app, std::move(flags));
  if (!stage.ok()) {
    say(stage.status());
    return 1;
  }
  say((*stage)->url());
  std::string unread;
  for (;;) {
    (*stage)->look();
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, kLookMs) <= 0) continue;
    char bytes[4096];
    const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof(bytes));
    if (got <= 0) return 0;
    unread.append(bytes, static_cast<std::size_t>(got));
    for (std::size_t end = unread.find('\n'); end != unread.npos; end = unread.find('\n')) {
      say((*stage)->act(absl::StrSplit(unread.substr(0, end), ' ', absl::SkipEmpty())));
      unread.erase(0, end + 1);
    }
  }
}

}  // namespace
}  // namespace quickbite

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: quickbite-stage FOLDER APP [FLAG OF ORDERS...]\n";
    return 2;
  }
  std::signal(SIGINT, SIG_IGN);  // of the terminal: whoever runs the tests ends us by closing our input
  return quickbite::run(argv[1], argv[2], {argv + 3, argv + argc});
}
