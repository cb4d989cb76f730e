#include "services/cli/up.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/cli/progress.h"
#include "services/cli/sweep.h"
#include "services/cli/workers.h"
#include "services/live/postgres_files.h"
#include "services/live/programs.h"
#include "services/live/stop_signals.h"
#include "services/live/story.h"

namespace quickbite::cli {
namespace {

constexpr const char* kMenu[] = {"burger", "fries", "pizza", "noodles",
                                 "sushi",  "salad", "soup",  "cola"};
constexpr std::int64_t kMenuStock = 1'000'000;
constexpr absl::Duration kLook = absl::Seconds(1);  // between two looks for the status page

bool app_is_built(const std::string& folder) {
  return !folder.empty() && ::access((folder + "/index.html").c_str(), R_OK) == 0;
}

constexpr const char* kInterrupted = "interrupted";

}  // namespace

Up::Up(UpOptions options) : options_(std::move(options)) {}

ExitCode Up::run() {
  auto folder = live::DataFolder::take(options_.folder);
  if (absl::IsAlreadyExists(folder.status())) {
    std::cerr << "quickbite: " << folder.status().message()
              << ", another `quickbite up`; `quickbite up --status` tells what it serves, "
                 "--data-dir takes another folder\n";
    return ExitCode::kUsage;
  }
  if (!folder.ok()) return failed(folder.status());
  folder_ = std::make_unique<live::DataFolder>(*std::move(folder));
  if (options_.seeds > 0) {
    if (const ExitCode code = sweep(); code != ExitCode::kHeld) return code;
  }
  return serve();
}

// In this process's children, and therefore before anything here has threads.
ExitCode Up::sweep() {
  screen_.part(
      "A sweep of simulated failures: the same code, in a world where everything goes wrong");
  SweepOptions wanted;
  wanted.count = options_.seeds;
  wanted.jobs = cores();
  Progress progress("seeds", wanted.count);
  const SweepReport report = cli::sweep(wanted, [&](std::uint64_t done) { progress.update(done); });
  progress.finish();
  screen_.swept(report, wanted.count);
  ExitCode code = ExitCode::kHeld;
  for (const SweepFinding& finding : report.findings) code = worse(code, finding.code);
  return code;
}

ExitCode Up::serve() {
  const live::StopSignals signals(interrupt_);
  absl::Status started = start();
  if (!started.ok()) {
    stop();
    if (interrupt_.raised()) started = absl::CancelledError(kInterrupted);
    return failed(started);
  }
  ExitCode code = options_.stories ? play() : ExitCode::kHeld;
  if (code == ExitCode::kHeld && options_.stay && !interrupt_.raised()) {
    stay();
  } else if (interrupt_.raised()) {
    screen_.note(kInterrupted);
    code = worse(code, ExitCode::kFailed);
  }
  stop();
  return code;
}

absl::Status Up::start() {
  screen_.part("The real system: each a process of its own, on this machine");
  if (const absl::Status paged = start_status(); !paged.ok()) return paged;
  live::StackOptions wanted;
  wanted.folder = folder_->path();
  wanted.http = options_.http;
  wanted.postgres = options_.postgres;
  wanted.kafka = options_.kafka;
  if (app_is_built(options_.app)) {
    wanted.app = options_.app;
    wanted.app_status = told_->origin();
  }
  auto stack = live::Stack::start(
      wanted, interrupt_,
      [this](const std::string& what, absl::Duration took) { screen_.done(what, took); });
  if (!stack.ok()) return stack.status();
  stack_ = *std::move(stack);
  for (const char* sku : kMenu) {
    if (const absl::Status stocked = stack_->add_stock(sku, kMenuStock); !stocked.ok())
      return stocked;
  }
  screen_.done(absl::StrCat("a menu of ", std::size(kMenu), " dishes is in stock"),
               absl::ZeroDuration());
  publish();
  return absl::OkStatus();
}

absl::Status Up::start_status() {
  const std::uint16_t port = live::free_loopback_port(options_.status.number);
  if (options_.status.exact && port != options_.status.number) {
    return absl::AlreadyExistsError(
        absl::StrCat("port ", options_.status.number, " of 127.0.0.1 is taken"));
  }
  auto told = live::SystemStatus::start(port);
  if (!told.ok()) return told.status();
  told_ = *std::move(told);
  return absl::OkStatus();
}

// --- Stories
// --------------------------------------------------------------------------------------

ExitCode Up::play() {
  ExitCode code = ExitCode::kHeld;
  for (const live::Story& story : {live::first_orders(), live::kafka_stopped(),
                                   live::inventory_restarted(), live::invalid_json()}) {
    if (interrupt_.raised()) return code;
    if (story.name == "kafka-stopped" && stack_->kafka().process() == nullptr) {
      const std::string why =
          "that broker is somebody else's, and is not stopped for a demonstration";
      screen_.skipped(story, why);
      results_.push_back({std::string(story.title), absl::StrCat("skipped: ", why), true});
      continue;
    }
    live::Scene scene{*stack_, interrupt_};
    const absl::Status told = live::tell(story, scene, screen_);
    results_.push_back(
        {std::string(story.title), told.ok() ? "held" : std::string(told.message()), told.ok()});
    if (!told.ok() && !absl::IsCancelled(told)) code = worse(code, ExitCode::kSafety);
    publish();
  }
  const auto held = std::ranges::count(results_, true, &live::StoryResult::held);
  screen_.part(absl::StrCat(held, " of ", results_.size(), " stories held"));
  return code;
}

// --- Up
// -------------------------------------------------------------------------------------------

void Up::stay() {
  screen_.addresses(serving_);
  screen_.note("");
  screen_.note("It stays up until Ctrl-C.");
  std::set<std::string> gone;
  while (!interrupt_.wait(kLook)) {
    told_->look(*stack_, serving_, results_);
    for (const live::Serving::Process& process : serving_.processes) {
      if (::kill(process.pid, 0) == 0 || !gone.insert(process.name).second) continue;
      screen_.failed(absl::StrCat(process.name, " has ended"),
                     absl::StrCat("its log: ", process.log));
    }
  }
  screen_.note("\n   Ending: Orders and Inventory finish what they have begun.");
}

void Up::stop() {
  told_.reset();
  stack_.reset();
}

void Up::publish() {
  serving_ = {};
  serving_.pid = ::getpid();
  serving_.api = stack_->url();
  if (app_is_built(options_.app)) serving_.app = serving_.api + "/";
  serving_.status = serving_.app.empty() ? told_->origin() + "/status.json" : serving_.app + "status";
  serving_.orders_database = stack_->outside_connection(postgres::Service::kOrders);
  serving_.inventory_database = stack_->outside_connection(postgres::Service::kInventory);
  serving_.kafka = stack_->kafka().bootstrap();
  serving_.inventory_grpc = absl::StrCat("127.0.0.1:", stack_->inventory_grpc_port());
  serving_.folder = folder_->path();
  const auto add = [this](std::string name, pid_t pid, std::string log) {
    serving_.processes.push_back({std::move(name), pid, std::move(log)});
  };
  if (live::PostgresCluster* cluster = stack_->postgres().cluster(); cluster != nullptr) {
    add("PostgreSQL", cluster->pid(), cluster->log_path());
  }
  if (live::Child* broker = stack_->kafka().process(); broker != nullptr)
    add("broker", broker->pid(), broker->log_path());
  for (live::Child* service : {&stack_->inventory(), &stack_->orders()}) {
    add(service->name(), service->pid(), service->log_path());
  }
  told_->look(*stack_, serving_, results_);
  folder_->tell(serving_).IgnoreError();  // --status alone would miss it
}

ExitCode Up::failed(const absl::Status& status) {
  if (absl::IsCancelled(status)) {
    screen_.note(kInterrupted);
  } else {
    std::cerr << "quickbite: " << status.message() << "\n";
  }
  return absl::IsAlreadyExists(status) ? ExitCode::kUsage : ExitCode::kFailed;
}

// --- Status
// ---------------------------------------------------------------------------------------

std::string up_folder() {
  return live::build_folder() + "/up";
}

std::string app_folder() {
  return QUICKBITE_SOURCE_DIR "/build/app";
}

ExitCode show_running(const std::string& folder, bool json) {
  const auto serving = live::DataFolder::look(folder);
  if (json) {
    std::cout << (serving ? live::to_json(*serving) : "{\n  \"running\": false\n}\n") << std::flush;
  } else if (!serving) {
    std::cout << "No `quickbite up` runs in " << folder << ".\n";
  } else if (serving->api.empty()) {
    std::cout << "`quickbite up` (process " << serving->pid << ") is starting.\n";
  } else {
    std::cout << "`quickbite up` (process " << serving->pid << ") serves:\n\n";
    UpScreen().addresses(*serving);
    std::cout << "\n   Processes:\n";
    for (const live::Serving::Process& process : serving->processes) {
      std::cout << "     " << process.pid << "  " << process.name << "\n";
    }
    std::cout << std::flush;
  }
  return serving ? ExitCode::kHeld : ExitCode::kFailed;
}

}  // namespace quickbite::cli
