#include "report/svg_writer.hpp"

#include <fmt/format.h>

#include <iterator>

namespace splitlane::report {

namespace {

std::string title_element(std::string_view tooltip) {
  return tooltip.empty() ? std::string() : fmt::format("<title>{}</title>", xml_escaped(tooltip));
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char character : text) {
    switch (character) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += character;
    }
  }
  return result;
}

std::string coordinate(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

void SvgWriter::rectangle(const Box& box, std::string_view attributes, std::string_view tooltip) {
  fmt::format_to(std::back_inserter(body_), R"(<rect x="{}" y="{}" width="{}" height="{}" {})", coordinate(box.x),
                 coordinate(box.y), coordinate(box.width), coordinate(box.height), attributes);
  if (tooltip.empty()) {
    body_ += "/>\n";
  } else {
    body_ += ">" + title_element(tooltip) + "</rect>\n";
  }
}

void SvgWriter::line(double x1, double y1, double x2, double y2, std::string_view attributes) {
  fmt::format_to(std::back_inserter(body_), "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" {}/>\n", coordinate(x1),
                 coordinate(y1), coordinate(x2), coordinate(y2), attributes);
}

void SvgWriter::path(std::string_view commands, std::string_view attributes) {
  if (!commands.empty()) fmt::format_to(std::back_inserter(body_), "<path d=\"{}\" {}/>\n", commands, attributes);
}

void SvgWriter::circle(double x, double y, double radius, std::string_view attributes) {
  fmt::format_to(std::back_inserter(body_), "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {}/>\n", coordinate(x), coordinate(y),
                 coordinate(radius), attributes);
}

void SvgWriter::text(double x, double y, std::string_view attributes, std::string_view content) {
  fmt::format_to(std::back_inserter(body_), "<text x=\"{}\" y=\"{}\" {}>{}</text>\n", coordinate(x), coordinate(y),
                 attributes, xml_escaped(content));
}

void SvgWriter::upright_text(double x, double y, std::string_view attributes, std::string_view content) {
  fmt::format_to(std::back_inserter(body_),
                 "<text transform=\"translate({} {}) rotate(-90)\" text-anchor=\"middle\" {}>{}</text>\n",
                 coordinate(x), coordinate(y), attributes, xml_escaped(content));
}

void SvgWriter::open_group(std::string_view attributes, std::string_view tooltip) {
  fmt::format_to(std::back_inserter(body_), "<g {}>{}\n", attributes, title_element(tooltip));
}

void SvgWriter::close_group() { body_ += "</g>\n"; }

std::string SvgWriter::document(double width, double height, std::string_view title,
                                std::string_view definitions) const {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element(width, height, title, definitions);
}

std::string SvgWriter::element(double width, double height, std::string_view title,
                               std::string_view definitions) const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\">\n"
      "<title>{2}</title>\n{3}"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n{4}</svg>\n",
      coordinate(width), coordinate(height), xml_escaped(title), definitions, body_);
}

}  // namespace splitlane::report
