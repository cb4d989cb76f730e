// Who is in a consumer group, as the broker tells it.
#pragma once

#include <string>
#include <vector>

namespace quickbite {

using GroupMembers = std::vector<std::string>;  // "GROUP MEMBER-ID", sorted; the broker gives each that joins an id of its own

// Of these groups. Fails the test where the broker does not answer.
GroupMembers group_members(const std::string& bootstrap, const std::vector<std::string>& groups);

}  // namespace quickbite
