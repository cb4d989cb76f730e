// TLS by configuration: which files hold whose certificates (PEM). No files: no TLS.
#pragma once

#include <string>

namespace quickbite::rpc {

struct ServerTls {
  std::string certificate_file;  // the server's, and what leads to its CA
  std::string key_file;
  std::string client_ca_file;    // a client has to show a certificate of this CA; empty: anybody may call
  bool any() const { return !certificate_file.empty() || !key_file.empty() || !client_ca_file.empty(); }
};

struct ClientTls {
  std::string ca_file;           // the server has to show a certificate of this CA
  std::string certificate_file;  // what we show, where the server wants one
  std::string key_file;
  std::string server_name;       // that the certificate has to be for; empty: the target's host
  bool any() const { return !ca_file.empty() || !certificate_file.empty() || !key_file.empty() || !server_name.empty(); }
};

}  // namespace quickbite::rpc
