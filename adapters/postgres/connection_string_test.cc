#include "adapters/postgres/connection_string.h"

#include "gtest/gtest.h"

namespace quickbite::postgres {
namespace {

TEST(ConnectionString, GetsTimeoutsInBothForms) {
  EXPECT_EQ(with_timeouts("host=h"),
            "host=h connect_timeout='2' tcp_user_timeout='5000' keepalives_idle='5' keepalives_interval='2' keepalives_count='3'");
  EXPECT_EQ(with_timeouts("postgresql://h/db"),
            "postgresql://h/db?connect_timeout=2&tcp_user_timeout=5000&keepalives_idle=5&keepalives_interval=2&keepalives_count=3");
}

TEST(ConnectionString, KeepsTheTimeoutsThatItNames) {
  const std::string key_value = with_timeouts("host=h connect_timeout=30");
  EXPECT_EQ(key_value.find("connect_timeout='2'"), key_value.npos);
  EXPECT_NE(key_value.find("tcp_user_timeout='5000'"), key_value.npos);
  const std::string uri = with_timeouts("postgres://h/db?connect_timeout=30");
  EXPECT_EQ(uri.find("connect_timeout=2&"), uri.npos);
  EXPECT_NE(uri.find("?connect_timeout=30&tcp_user_timeout=5000"), uri.npos);
}

TEST(ConnectionString, NamesAnotherDatabaseAndRole) {
  EXPECT_EQ(with_database("host=h dbname=a", "b", "r"), "host=h dbname=a dbname='b' user='r'");
  EXPECT_EQ(with_database("", "b", "r"), "dbname='b' user='r'");
  EXPECT_EQ(with_database("postgresql://h/a", "b", "r"), "postgresql://h/a?dbname=b&user=r");
}

TEST(ConnectionString, QuotesWhatNeedsIt) {
  EXPECT_EQ(with_database("host=h", "it's", "a\\b"), "host=h dbname='it\\'s' user='a\\\\b'");
  EXPECT_EQ(with_database("postgresql://h", "a b&c", "r"), "postgresql://h?dbname=a%20b%26c&user=r");
}

TEST(ConnectionString, ASecretIsNotShownInEitherForm) {
  EXPECT_EQ(without_secrets("host=x password='a b\\'c' dbname=d"), "password=*** dbname='d' host='x'");
  EXPECT_EQ(without_secrets("postgresql://u:geheim@h/d?sslpassword=geheim"), "user='u' password=*** dbname='d' host='h' sslpassword=***");
  EXPECT_EQ(without_secrets("password=geheim nonsense"), "***");
  EXPECT_EQ(without_secrets(""), "");
}

}  // namespace
}  // namespace quickbite::postgres
