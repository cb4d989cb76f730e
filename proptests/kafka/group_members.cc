#include "proptests/kafka/group_members.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>

#include "adapters/kafka/handles.h"

namespace quickbite {
namespace {

constexpr int kPatienceMs = 10'000;

}  // namespace

GroupMembers group_members(const std::string& bootstrap, const std::vector<std::string>& groups) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char why[512] = "";
  rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap.c_str(), why, sizeof(why));
  const kafka::Client client(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why)));
  GroupMembers found;
  for (const std::string& group : groups) {
    const rd_kafka_group_list* raw = nullptr;
    const rd_kafka_resp_err_t error = rd_kafka_list_groups(client.get(), group.c_str(), &raw, kPatienceMs);
    const kafka::Owned<const rd_kafka_group_list, rd_kafka_group_list_destroy> list(raw);
    EXPECT_EQ(error, RD_KAFKA_RESP_ERR_NO_ERROR) << rd_kafka_err2str(error);
    for (int i = 0; raw != nullptr && i < raw->group_cnt; ++i) {
      for (int m = 0; m < raw->groups[i].member_cnt; ++m) {
        found.push_back(group + " " + raw->groups[i].members[m].member_id);
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace quickbite
