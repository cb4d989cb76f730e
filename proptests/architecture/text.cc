#include "proptests/architecture/text.h"

#include <array>
#include <cctype>

namespace quickbite::architecture {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

std::size_t skip_word(std::string_view text, std::size_t at) {
  while (at < text.size() && is_word(text[at])) ++at;
  return at;
}

// Where the literal or comment that begins at `at` ends, or `at` when none does.
std::size_t end_of_opaque(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const auto after = [&](std::string_view end, std::size_t from) {
    const auto found = text.find(end, at + from);
    return found == text.npos ? text.size() : found + end.size();
  };
  if (rest.starts_with("//")) {
    const auto end = text.find('\n', at);
    return end == text.npos ? text.size() : end;
  }
  if (rest.starts_with("/*")) return after("*/", 2);
  if (rest.starts_with("R\"") && (at == 0 || !is_word(text[at - 1]))) {
    const auto open = rest.find('(');
    if (open == rest.npos) return text.size();
    return after(")" + std::string(rest.substr(2, open - 2)) + "\"", open);
  }
  const bool digit_separator = rest.starts_with("'") && at > 0 && is_word(text[at - 1]);
  if ((rest.starts_with("\"") || rest.starts_with("'")) && !digit_separator) {
    const char quote = rest.front();
    for (std::size_t i = at + 1; i < text.size() && text[i] != '\n'; ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == quote) {
        return i + 1;
      }
    }
    return at + 1;
  }
  return at;
}

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t at = skip_blanks(line, 0);
  while (at < line.size()) {
    std::size_t end = at;
    while (end < line.size() && !is_blank(line[end])) ++end;
    words.push_back(line.substr(at, end - at));
    at = skip_blanks(line, end);
  }
  return words;
}

std::string_view top_of(std::string_view path) {
  const auto slash = path.find('/');
  return slash == path.npos ? std::string_view{} : path.substr(0, slash);
}

bool is_shared_by_tests(std::string_view path) {
  return path.substr(path.rfind('/') + 1).starts_with("test_");
}

bool is_test(std::string_view path) {
  constexpr std::array kEndings = {"_test.cc", "_test.py", "_test.sh", "_test.js", "_test.mjs", "_test.ts"};
  for (const std::string_view ending : kEndings) {
    if (path.ends_with(ending)) return true;
  }
  return false;
}

std::optional<Included> included_by(std::string_view line) {
  std::size_t at = skip_blanks(line, 0);
  if (at >= line.size() || line[at] != '#') return std::nullopt;
  at = skip_blanks(line, at + 1);
  if (!line.substr(at).starts_with("include")) return std::nullopt;
  at = skip_blanks(line, at + 7);
  if (at >= line.size() || (line[at] != '"' && line[at] != '<')) return std::nullopt;
  const auto end = line.find(line[at] == '"' ? '"' : '>', at + 1);
  if (end == line.npos) return std::nullopt;
  return Included{line.substr(at + 1, end - at - 1), line[at] == '"'};
}

std::string code_of(std::string_view text) {
  std::string code(text);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = end_of_opaque(text, at);
    for (std::size_t i = at; i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    at = end == at ? at + 1 : end;
  }
  return code;
}

std::vector<Name> names_of(std::string_view code) {
  std::vector<Name> names;
  int line = 1;
  std::size_t at = 0;
  while (at < code.size()) {
    if (code[at] == '\n') ++line;
    if (!is_word(code[at])) {
      ++at;
      continue;
    }
    Name name;
    name.line = line;
    name.member = at > 0 && (code[at - 1] == '.' || (at > 1 && code.substr(at - 2, 2) == "->"));
    std::size_t end = skip_word(code, at);
    while (code.substr(end).starts_with("::") && end + 2 < code.size() && is_word(code[end + 2])) {
      end = skip_word(code, end + 2);
    }
    name.text = std::string(code.substr(at, end - at));
    const std::size_t next = skip_blanks(code, end);
    name.called = next < code.size() && code[next] == '(';
    names.push_back(std::move(name));
    at = end;
  }
  return names;
}

}  // namespace quickbite::architecture
