// Loaded before a service (LD_PRELOAD), makes its producers fail for good: every third batch meets librdkafka's own test hook while
// it is under way, after which that client answers nothing but its fatal error.
#include <dlfcn.h>
#include <librdkafka/rdkafka.h>

#include <atomic>

namespace {

constexpr int kEvery = 3;
std::atomic<int> batches{0};

}  // namespace

// A batch is queued, and then flushed.
extern "C" rd_kafka_resp_err_t rd_kafka_flush(rd_kafka_t* client, int timeout_ms) {
  using Original = rd_kafka_resp_err_t (*)(rd_kafka_t*, int);
  static const auto original = reinterpret_cast<Original>(::dlsym(RTLD_NEXT, "rd_kafka_flush"));
  if (++batches % kEvery == 0) {
    rd_kafka_test_fatal_error(client, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "a test wants it so");
  }
  return original(client, timeout_ms);
}
