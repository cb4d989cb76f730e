// What other people's tools ask a gRPC server: whether it serves (grpc.health.v1), and what (server reflection).
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/server.h"
#include "adapters/grpc/test_desk.h"

namespace quickbite::rpc {
namespace {

::grpc::ByteBuffer buffer_of(const std::string& bytes) {
  const ::grpc::Slice slice(bytes);
  return ::grpc::ByteBuffer(&slice, 1);
}

std::string bytes_of(const ::grpc::ByteBuffer& buffer) {
  std::vector<::grpc::Slice> slices;
  EXPECT_TRUE(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const ::grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

// One message there, one back, in protobuf's wire format; nullopt where none comes back.
std::optional<std::string> call(std::uint16_t port, const std::string& method, const std::string& message) {
  ::grpc::GenericStub stub(
      ::grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), ::grpc::InsecureChannelCredentials()));
  ::grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
  ::grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  const auto next = [&] { return queue.Next(&tag, &ok) && ok; };
  const auto stream = stub.PrepareCall(&context, method, &queue);
  ::grpc::ByteBuffer answer;
  stream->StartCall(nullptr);
  if (!next()) return std::nullopt;
  stream->Write(buffer_of(message), nullptr);
  if (!next()) return std::nullopt;
  stream->Read(&answer, nullptr);
  if (!next()) return std::nullopt;
  stream->WritesDone(nullptr);
  next();
  ::grpc::Status status;
  stream->Finish(&status, nullptr);
  queue.Next(&tag, &ok);
  return bytes_of(answer);
}

// Field 1 of HealthCheckRequest is the service; field 1 of the answer is SERVING (1) or NOT_SERVING (2).
std::optional<std::string> health(std::uint16_t port, const std::string& service) {
  return call(port, "/grpc.health.v1.Health/Check",
              service.empty() ? "" : absl::StrCat("\x0A", std::string(1, static_cast<char>(service.size())), service));
}

constexpr const char* kService = "quickbite.inventory.v1.Inventory";

TEST(GrpcDiscovery, SaysThatItServes) {
  TestDesk desk;
  const auto server = *Server::start({}, desk);
  EXPECT_EQ(health(server->port(), ""), "\x08\x01");
  EXPECT_EQ(health(server->port(), kService), "\x08\x01");
  EXPECT_EQ(health(server->port(), "quickbite.Unheard"), std::nullopt);
}

TEST(GrpcDiscovery, SaysWhatItServes) {
  TestDesk desk;
  const auto server = *Server::start({}, desk);
  // Field 7 of ServerReflectionRequest asks for the list of services.
  const auto list = call(server->port(), "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                         std::string("\x3A\x01*", 3));
  ASSERT_TRUE(list.has_value());
  EXPECT_TRUE(absl::StrContains(*list, kService));
  EXPECT_TRUE(absl::StrContains(*list, "grpc.health.v1.Health"));
}

struct Said {
  int code;
  std::string text;
};
Said run(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  Said said{-1, ""};
  std::array<char, 4096> bytes{};
  for (std::size_t got; (got = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) said.text.append(bytes.data(), got);
  said.code = WEXITSTATUS(::pclose(pipe));
  return said;
}

TEST(GrpcDiscovery, SomebodyElsesClientCallsItByReflection) {
  if (run("grpcurl --version").code != 0) GTEST_SKIP() << "grpcurl is not on the PATH";
  TestDesk desk;
  const auto server = *Server::start({}, desk);
  const std::string there = absl::StrCat(" 127.0.0.1:", server->port(), " ");
  EXPECT_TRUE(absl::StrContains(run(absl::StrCat("grpcurl -plaintext", there, "list")).text, kService));
  const Said menu = run(absl::StrCat("grpcurl -plaintext", there, kService, "/ListMenu"));
  EXPECT_EQ(menu.code, 0) << menu.text;
  EXPECT_TRUE(absl::StrContains(menu.text, "\"2024-02-29T23:59:59.123456Z\"")) << menu.text;
  const Said health = run(absl::StrCat("grpcurl -plaintext", there, "grpc.health.v1.Health/Check"));
  EXPECT_TRUE(absl::StrContains(health.text, "\"status\": \"SERVING\"")) << health.text;
  const Said nonsense = run(absl::StrCat("grpcurl -plaintext -d '{\"id\":\"x\",\"sku\":\"burger\",\"quantity\":1}'", there,
                                         kService, "/Restock"));
  EXPECT_TRUE(absl::StrContains(nonsense.text, "Code: InvalidArgument")) << nonsense.text;
  EXPECT_TRUE(absl::StrContains(nonsense.text, "id must be a UUID")) << nonsense.text;
}

}  // namespace
}  // namespace quickbite::rpc
