#include "services/live/rush.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "domain/api/api.h"
#include "services/live/http_client.h"
#include "services/live/json.h"
#include "services/live/shop.h"

namespace quickbite::live {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(100);  // between two attempts, and between two looks
constexpr absl::Duration kAnswer = absl::Seconds(10);       // for one request

// 408 and 429 ask for patience, and so does every 5xx: 503 while a service stops, 504 in doubt.
bool worth_another(int status) { return status == 408 || status == 429 || status >= 500; }

class Rush {
 public:
  Rush(const RushOptions& options, const Interrupt& interrupt)
      : options_(options), interrupt_(interrupt), begin_(absl::Now()) {
    result_.placed.resize(static_cast<std::size_t>(options.orders));
  }

  absl::StatusOr<RushResult> run(const std::function<void(std::int64_t, std::int64_t)>& progress) {
    for (auto act : {&Rush::place, &Rush::settle}) {
      all_do(act, [&] { progress(answered_.load(), settled_.load()); });
      if (!error_.ok()) return error_;
    }
    return std::move(result_);
  }

 private:
  // Each order once, by whichever customer is free.
  void all_do(void (Rush::*act)(HttpClient&, std::int64_t), const std::function<void()>& watch) {
    std::atomic<std::int64_t> next{0};
    std::atomic<int> at_work{options_.customers};
    std::vector<std::thread> customers;
    for (int i = 0; i < options_.customers; ++i) {
      customers.emplace_back([&] {
        HttpClient client(options_.host, options_.port, kAnswer);
        for (std::int64_t number = next++; number < options_.orders && going(); number = next++) (this->*act)(client, number);
        --at_work;
      });
    }
    for (; at_work.load() > 0; absl::SleepFor(absl::Milliseconds(20))) watch();
    for (std::thread& customer : customers) customer.join();
    watch();
  }

  void place(HttpClient& client, std::int64_t number) {
    if (options_.rate > 0) {
      const absl::Time due = begin_ + absl::Seconds(static_cast<double>(number) / options_.rate);
      if (interrupt_.wait(due - absl::Now())) return;
    }
    const std::string key = absl::StrCat(options_.name, "-", number);
    const std::string& sku = options_.skus[static_cast<std::size_t>(number) % options_.skus.size()];
    Headers headers = authorization();
    headers.push_back({"Idempotency-Key", key});
    const std::string body = order_body(user_.value, sku, kRushQuantity);
    const absl::Time begin = absl::Now();
    for (std::int64_t attempt = 0; going(); ++attempt) {
      const auto answer = client.post("/v1/orders", body, headers);
      if (answer.ok() && answer->status == 201) return take(number, key, sku, *answer, attempt, absl::Now() - begin);
      const std::string why = said(answer);
      if (answer.ok() && !worth_another(answer->status)) return fail(absl::FailedPreconditionError(why));
      if (absl::Now() - begin > options_.patience) {
        return fail(absl::DeadlineExceededError(absl::StrCat("order ", key, " was not taken: ", why)));
      }
      interrupt_.wait(kPause);
    }
  }

  void take(std::int64_t number, const std::string& key, const std::string& sku, const HttpAnswer& answer,
            std::int64_t again, absl::Duration took) {
    const OrderId expected = api::keyed_order_id(user_, key);
    if (json_member(answer.body, "orderId") != to_string(expected.value)) {
      return fail(absl::FailedPreconditionError(absl::StrCat("the id of order ", key, " does not follow from it: ", answer.body)));
    }
    const absl::MutexLock lock(&mutex_);
    result_.placed[static_cast<std::size_t>(number)] = {expected, sku, json_member(answer.body, "status")};
    result_.again += again;
    result_.longest = std::max(result_.longest, took);
    ++answered_;
  }

  void settle(HttpClient& client, std::int64_t number) {
    const OrderId id = result_.placed[static_cast<std::size_t>(number)].id;
    const std::string path = absl::StrCat("/v1/orders/", to_string(id.value));
    for (const absl::Time begin = absl::Now(); going();) {
      const auto answer = client.ask({"GET", path, "", authorization(), ""});
      if (answer.ok() && answer->status == 200) {
        const std::string reason = json_member(answer->body, "reason");
        const std::string status = json_member(answer->body, "status");
        if (status != "PENDING") return settled(number, absl::StrCat(status, reason.empty() ? "" : " ", reason));
      } else if (answer.ok() && !worth_another(answer->status)) {
        return fail(absl::FailedPreconditionError(said(answer)));
      }
      if (absl::Now() - begin > options_.patience) {
        return fail(absl::DeadlineExceededError(absl::StrCat("order ", to_string(id.value), " is stuck: ", said(answer))));
      }
      interrupt_.wait(kPause);
    }
  }

  void settled(std::int64_t number, std::string status) {
    result_.placed[static_cast<std::size_t>(number)].status = std::move(status);  // nobody else's
    ++settled_;
  }

  Headers authorization() const {
    if (options_.token.empty()) return {};
    return {{"Authorization", absl::StrCat("Bearer ", options_.token)}};
  }

  static std::string said(const absl::StatusOr<HttpAnswer>& answer) {
    if (!answer.ok()) return std::string(answer.status().message());
    return absl::StrCat("it was answered ", answer->status, ": ", answer->body);
  }

  bool going() {
    if (interrupt_.raised()) fail(absl::CancelledError("interrupted"));
    return !failed_.load();
  }

  void fail(absl::Status error) {
    const absl::MutexLock lock(&mutex_);
    if (error_.ok()) error_ = std::move(error);
    failed_.store(true);
  }

  const RushOptions& options_;
  const Interrupt& interrupt_;
  const UserId user_ = rush_user(options_.name);
  const absl::Time begin_;
  std::atomic<std::int64_t> answered_{0};
  std::atomic<std::int64_t> settled_{0};
  std::atomic<bool> failed_{false};
  absl::Mutex mutex_;  // of the sums and the first error, while the customers are at work
  RushResult result_;
  absl::Status error_;
};

}  // namespace

UserId rush_user(std::string_view name) { return UserId(absl::StrCat("rush-", std::string(name))); }

absl::StatusOr<RushResult> run_rush(const RushOptions& options, const Interrupt& interrupt,
                                    const std::function<void(std::int64_t, std::int64_t)>& progress) {
  return Rush(options, interrupt).run(progress);
}

}  // namespace quickbite::live
