// Tells ThreadSanitizer of gRPC's completion queues: what a thread wrote before it gave a call something to do, whoever learns that
// something is done may read. Debian's gRPC is built without it, and hands over by atomics of its own. Each function here stands in place
// of the library's of the same name, in every program of the preset `tsan`, and wraps it.
#include <grpc/grpc.h>
#include <sanitizer/tsan_interface.h>

#include <cstddef>

#include "proptests/sanitizers/original.h"

namespace {

using quickbite::sanitizers::original;

// One for all queues and calls: of two calls that have nothing to do with each other it says too much, which hides a race between their
// handlers where one happens to end before the other begins.
char handed_over;

}  // namespace

extern "C" {

grpc_event grpc_completion_queue_next(grpc_completion_queue* queue, gpr_timespec deadline, void* reserved) {
  static auto* const next = original<decltype(grpc_completion_queue_next)>("grpc_completion_queue_next");
  const grpc_event event = next(queue, deadline, reserved);
  __tsan_acquire(&handed_over);
  return event;
}

grpc_event grpc_completion_queue_pluck(grpc_completion_queue* queue, void* tag, gpr_timespec deadline, void* reserved) {
  static auto* const pluck = original<decltype(grpc_completion_queue_pluck)>("grpc_completion_queue_pluck");
  const grpc_event event = pluck(queue, tag, deadline, reserved);
  __tsan_acquire(&handed_over);
  return event;
}

grpc_call_error grpc_call_start_batch(grpc_call* call, const grpc_op* ops, std::size_t count, void* tag, void* reserved) {
  static auto* const start = original<decltype(grpc_call_start_batch)>("grpc_call_start_batch");
  __tsan_release(&handed_over);
  return start(call, ops, count, tag, reserved);
}

grpc_call_error grpc_server_request_call(grpc_server* server, grpc_call** call, grpc_call_details* details, grpc_metadata_array* metadata,
                                         grpc_completion_queue* bound, grpc_completion_queue* notified, void* tag) {
  static auto* const request = original<decltype(grpc_server_request_call)>("grpc_server_request_call");
  __tsan_release(&handed_over);
  return request(server, call, details, metadata, bound, notified, tag);
}

grpc_call_error grpc_server_request_registered_call(grpc_server* server, void* method, grpc_call** call, gpr_timespec* deadline,
                                                    grpc_metadata_array* metadata, grpc_byte_buffer** payload,
                                                    grpc_completion_queue* bound, grpc_completion_queue* notified, void* tag) {
  static auto* const request = original<decltype(grpc_server_request_registered_call)>("grpc_server_request_registered_call");
  __tsan_release(&handed_over);
  return request(server, method, call, deadline, metadata, payload, bound, notified, tag);
}

}  // extern "C"
