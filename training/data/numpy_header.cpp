#include "training/data/numpy_header.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "io/json_text.hpp"
#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

// The few forms of Python's literals that NumPy writes.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& path) : left_(text), text_(text), path_(path) {}

  NumpyHeader parse() {
    NumpyHeader header;
    bool has_type = false;
    bool has_order = false;
    bool has_shape = false;
    require("{");
    while (!accept("}")) {
      const std::string key = quoted();
      require(":");
      if (key == "descr") {
        header.type = type();
        has_type = true;
      } else if (key == "fortran_order") {
        header.column_major = accept("True");
        if (!header.column_major) require("False");
        has_order = true;
      } else if (key == "shape") {
        header.sizes = sizes();
        has_shape = true;
      } else {
        fail();
      }
      if (!accept(",")) {
        require("}");
        break;
      }
    }
    skip_space();
    if (!left_.empty() || !has_type || !has_order || !has_shape) fail();
    return header;
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(ErrorCode::kInconsistent, {path_, "not the header of a NumPy file", json::shortened(text_),
                                           "{'descr': '|u1', 'fortran_order': False, 'shape': (100, 8, 8), }"});
  }

  void skip_space() { left_.remove_prefix(std::min(left_.find_first_not_of(" \n"), left_.size())); }

  bool accept(std::string_view token) {
    skip_space();
    if (!left_.starts_with(token)) return false;
    left_.remove_prefix(token.size());
    return true;
  }

  void require(std::string_view token) {
    if (!accept(token)) fail();
  }

  std::string quoted() {
    skip_space();
    if (left_.empty() || (left_.front() != '\'' && left_.front() != '"')) fail();
    const std::size_t end = left_.find(left_.front(), 1);
    if (end == std::string_view::npos) fail();
    std::string content(left_.substr(1, end - 1));
    left_.remove_prefix(end + 1);
    return content;
  }

  // The type of a structure is a list; it is refused later, by name.
  std::string type() {
    skip_space();
    if (!left_.starts_with('[')) return quoted();
    const std::size_t end = left_.find(']');
    if (end == std::string_view::npos) fail();
    std::string list(left_.substr(0, end + 1));
    left_.remove_prefix(end + 1);
    return list;
  }

  std::vector<std::uint64_t> sizes() {
    std::vector<std::uint64_t> result;
    require("(");
    while (!accept(")")) {
      skip_space();
      std::uint64_t size = 0;
      const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), size);
      if (error != std::errc()) fail();
      left_.remove_prefix(static_cast<std::size_t>(end - left_.data()));
      result.push_back(size);
      if (!accept(",")) {
        require(")");
        break;
      }
    }
    return result;
  }

  std::string_view left_;
  std::string_view text_;
  const std::string& path_;
};

}  // namespace

NumpyHeader parse_numpy_header(std::string_view text, const std::string& path) {
  return HeaderParser(text, path).parse();
}

}  // namespace splitlane::training
