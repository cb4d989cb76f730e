#include "adapters/kafka/member.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/kafka/convert.h"

namespace quickbite::kafka {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kHeldMax = 2000;           // records kept while paused, before fetching ends
constexpr milliseconds kServeMax(100);           // of one call into the library
constexpr milliseconds kPollMax(60'000);         // whatever the machine's clock says
constexpr milliseconds kCommittedTimeout(1000);  // of one question for the committed offsets
constexpr milliseconds kRetryAfter(200);
constexpr milliseconds kProbeEvery(1000);
constexpr milliseconds kProbeTimeout(100);

std::string ms(Duration duration) {
  return absl::StrCat(duration.us / 1000);
}

int ms_int(milliseconds duration) {
  return static_cast<int>(duration.count());
}

milliseconds until(Instant instant) {
  const std::int64_t left = instant.us - absl::ToUnixMicros(absl::Now());
  return std::clamp(milliseconds((left + 999) / 1000), milliseconds(0), kPollMax);
}

}  // namespace

Consumer::Member::Member(ConsumerOptions options)
    : ClientState(options.connection),
      options_(std::move(options)),
      topic_(to_string(options_.topic)) {}

absl::Status Consumer::Member::start() {
  const Settings defaults{
      {"fetch.wait.max.ms", ms(options_.fetch_wait)},
      {"fetch.error.backoff.ms", "100"},
      {"heartbeat.interval.ms",
       absl::StrCat(std::max<std::int64_t>(options_.session_timeout.us / 10'000, 100))},
      {"max.poll.interval.ms",
       absl::StrCat(std::max<std::int64_t>(options_.session_timeout.us / 1000, 300'000))},
      {"queued.min.messages", "10000"},
      {"queued.max.messages.kbytes", "16384"},
      {"allow.auto.create.topics", "false"},
  };
  const std::string automatic = options_.policy.auto_commit ? "true" : "false";
  Settings fixed{
      {"group.id", options_.group},
      {"session.timeout.ms", ms(options_.session_timeout)},
      {"partition.assignment.strategy", "range"},
      {"enable.auto.commit", automatic},
      {"enable.auto.offset.store", automatic},
      {"auto.offset.reset", "error"},  // we position new groups ourselves: see settle()
      {"enable.partition.eof", "false"},
  };
  if (!options_.instance.empty()) fixed["group.instance.id"] = options_.instance;
  absl::StatusOr<Conf> made = conf(defaults, fixed);
  if (!made.ok()) return made.status();
  rd_kafka_conf_set_rebalance_cb(made->get(), on_rebalance);
  absl::StatusOr<rd_kafka_t*> client = new_client(RD_KAFKA_CONSUMER, *std::move(made));
  if (!client.ok()) return client.status();
  client_ = *client;
  rd_kafka_poll_set_consumer(client_);
  const PartitionList topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), topic_.c_str(), RD_KAFKA_PARTITION_UA);
  const rd_kafka_resp_err_t error = rd_kafka_subscribe(client_, topics.get());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("subscribing to ", topic_, ": ", rd_kafka_err2str(error)));
}

Consumer::Member::~Member() {
  if (client_ == nullptr) return;
  leave();
  rd_kafka_destroy_flags(client_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

// Everything of the client's must be gone before the client is, or its end is waited for, for ever.
// What comes meanwhile is taken as events: rd_kafka_queue_poll_callback aborts the process where a
// record is among it.
void Consumer::Member::leave() {
  const Queue queue(rd_kafka_queue_new(client_));
  const Clock::time_point deadline =
      Clock::now() + std::chrono::microseconds(options_.leave_timeout.us);
  const ClientError refused(rd_kafka_consumer_close_queue(client_, queue.get()));
  while (!refused && !rd_kafka_consumer_closed(client_) && Clock::now() < deadline) {
    const ClientEvent event(rd_kafka_queue_poll(queue.get(), 10));
    if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE) taken();
  }
}

// --- Polling ---------------------------------------------------------------------------------

Polled Consumer::Member::poll(const Poll& poll) {
  const Clock::time_point deadline = Clock::now() + until(poll.until);
  seek(poll.seeks);
  if (!poll.paused) set_paused(false);
  const std::size_t wanted =
      poll.paused ? 0 : static_cast<std::size_t>(std::max<std::int64_t>(poll.limit, 0));
  for (;;) {
    settle();
    if (wanted > 0 && held_.size() >= wanted) break;
    if (held_.size() >= kHeldMax) set_paused(true);
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    const bool enough = assignment_.changed() || (wanted > 0 && !held_.empty());
    const bool last = enough || left <= milliseconds(0);  // take what is there, wait for no more
    const std::size_t before = held_.size();
    serve(last ? milliseconds(0) : std::min(left, kServeMax));
    const bool silent = held_.size() == before;
    if (last && silent) break;
    if (silent) probe();
  }
  Polled polled;
  Assignment::Changes changes = assignment_.take_changes();
  polled.revoked = std::move(changes.revoked);
  polled.assigned = std::move(changes.assigned);
  const auto end = held_.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, held_.size()));
  polled.records.assign(std::make_move_iterator(held_.begin()), std::make_move_iterator(end));
  held_.erase(held_.begin(), end);
  std::stable_sort(polled.records.begin(), polled.records.end(),
                   [](const Received& a, const Received& b) {
                     return a.record->message.partition < b.record->message.partition;
                   });
  publish();
  return polled;
}

void Consumer::Member::serve(milliseconds wait) {
  const ClientMessage message(rd_kafka_consumer_poll(client_, ms_int(wait)));
  if (!message) return;
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    take(*message);
  } else {
    take_error(*message);
  }
}

void Consumer::Member::take(const rd_kafka_message_t& message) {
  reached();
  if (!assignment_.accept(Partition{message.partition}, Offset{message.offset})) return;
  held_.push_back(received(record_of(options_.topic, message)));
}

void Consumer::Member::take_error(const rd_kafka_message_t& message) {
  const std::string why = rd_kafka_message_errstr(&message);
  if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
    assignment_.stop(Partition{message.partition},
                     absl::StrCat("at offset ", message.offset, ": ", why));
  } else if (message.err == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED) {
    on_log(4, why);  // the partitions are revoked, and come back with the next poll
  } else {
    refused(why);
  }
}

// The client library says nothing when a broker is back and there is nothing to read.
void Consumer::Member::probe() {
  if (is(Condition::kServing) || is(Condition::kRefused) || Clock::now() < probe_at_) return;
  probe_at_ = Clock::now() + kProbeEvery;
  const rd_kafka_metadata_t* answer = nullptr;
  if (rd_kafka_metadata(client_, 0, nullptr, &answer, ms_int(kProbeTimeout)) !=
      RD_KAFKA_RESP_ERR_NO_ERROR) {
    return;
  }
  const Metadata metadata(answer);
  reached();
}

// --- The group -------------------------------------------------------------------------------

void Consumer::Member::on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t error,
                                    rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  auto& member = *static_cast<Member*>(static_cast<ClientState*>(opaque));
  if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    member.given(*partitions);
  } else {
    member.taken();
  }
  rd_kafka_yield(client);  // so that poll looks at what has changed
}

void Consumer::Member::given(const rd_kafka_topic_partition_list_t& partitions) {
  offered_.reset(rd_kafka_topic_partition_list_copy(&partitions));
  settle_at_ = Clock::now();
}

void Consumer::Member::taken() {
  set_paused(false);  // the library would remember it of a partition that comes back
  offered_.reset();
  held_.clear();
  assignment_.revoke_all();
  rd_kafka_assign(client_, nullptr);
}

// Takes the offered partitions, each at its committed offset or, where there is none, at the
// beginning. The library would do so by auto.offset.reset=earliest, and would then also go to the
// beginning, silently, from an offset that is out of range.
void Consumer::Member::settle() {
  if (!offered_ || Clock::now() < settle_at_) return;
  settle_at_ = Clock::now() + kRetryAfter;
  if (offered_->cnt > 0 && rd_kafka_committed(client_, offered_.get(), ms_int(kCommittedTimeout)) !=
                               RD_KAFKA_RESP_ERR_NO_ERROR) {
    return;
  }
  FlatMap<Partition, Position> positions;
  for (int i = 0; i < offered_->cnt; ++i) {
    rd_kafka_topic_partition_t& partition = offered_->elems[i];
    if (partition.err != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    if (partition.offset < 0) partition.offset = RD_KAFKA_OFFSET_BEGINNING;
    positions[Partition{partition.partition}] = partition.offset;
  }
  if (rd_kafka_assign(client_, offered_.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  offered_.reset();
  assignment_.assign(positions);
  reached();
}

// --- Positions -------------------------------------------------------------------------------

PartitionList Consumer::Member::list(const FlatMap<Partition, Position>& positions) const {
  PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
  for (const auto& [partition, position] : positions) {
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), partition.value)->offset =
        position;
  }
  return list;
}

// By assigning anew rather than by the library's seek, which refuses a partition that stopped.
void Consumer::Member::seek(const FlatMap<Partition, Offset>& seeks) {
  bool sought = false;
  for (const auto& [partition, offset] : seeks) {
    if (!assignment_.seek(partition, offset)) continue;
    sought = true;
    std::erase_if(held_, [&, ours = partition](const Received& held) {
      return held.record->message.partition == ours;
    });
  }
  if (sought) rd_kafka_assign(client_, list(assignment_.positions()).get());
}

void Consumer::Member::set_paused(bool paused) {
  if (std::exchange(paused_, paused) == paused) return;
  const PartitionList partitions = list(assignment_.positions());
  if (paused) {
    rd_kafka_pause_partitions(client_, partitions.get());
  } else {
    rd_kafka_resume_partitions(client_, partitions.get());
  }
}

CommitAnswer Consumer::Member::commit(const CommitOffsets& commit) {
  FlatMap<Partition, Position> next;
  for (const auto& [partition, offset] : commit.next) {
    if (assignment_.positions().contains(partition)) next[partition] = offset.value;
  }
  if (next.empty()) return OffsetsCommitted{};
  // While no broker answers, the library would keep each of these for later.
  if (is(Condition::kUnreachable)) return CommitFailed{};
  const Queue queue(rd_kafka_queue_new(client_));
  const PartitionList offsets = list(next);
  if (rd_kafka_commit_queue(client_, offsets.get(), queue.get(), nullptr, nullptr) !=
      RD_KAFKA_RESP_ERR_NO_ERROR) {
    return CommitFailed{};
  }
  const ClientEvent event(
      rd_kafka_queue_poll(queue.get(), static_cast<int>(options_.commit_timeout.us / 1000)));
  if (!event) {
    unreachable("the group's coordinator does not answer");
    return CommitFailed{};
  }
  bool committed = rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR_NO_ERROR;
  const auto* answers = rd_kafka_event_topic_partition_list(event.get());
  for (int i = 0; committed && answers != nullptr && i < answers->cnt; ++i) {
    committed = answers->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  if (!committed) return CommitFailed{};
  reached();
  return OffsetsCommitted{};
}

// --- Health ----------------------------------------------------------------------------------

void Consumer::Member::publish() {
  const absl::MutexLock lock(&mutex_);
  seen_ = assignment_;
  seen_held_ = static_cast<std::int64_t>(held_.size());
}

ConsumerHealth Consumer::Member::health() const {
  ConsumerHealth health;
  static_cast<Health&>(health) = ClientState::health();
  const absl::MutexLock lock(&mutex_);
  health.given = seen_.given();
  health.stopped = seen_.stopped();
  health.lag = seen_held_;
  for (const auto& [partition, position] : seen_.positions()) {
    health.assigned.push_back(partition);
    std::int64_t low = 0;
    std::int64_t high = 0;
    if (rd_kafka_get_watermark_offsets(client_, topic_.c_str(), partition.value, &low, &high) ==
            RD_KAFKA_RESP_ERR_NO_ERROR &&
        low >= 0) {
      health.lag += std::max<std::int64_t>(high - std::max(position, low), 0);
    }
  }
  return health;
}

}  // namespace quickbite::kafka
