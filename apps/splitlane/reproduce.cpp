#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "option_rows.hpp"
#include "output.hpp"
#include "reproduction/artefact.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/nearest_name.hpp"
#include "splitlane/version.hpp"
#include "verbs.hpp"

namespace {

constexpr std::array kReproduceOptions = {
    command_line_row(splitlane::OptionKind::kPath, "measurements", "FOLDER",
                     "Folder with MODEL_times.csv, the measured layer times", "the shipped profiles"),
    with_letter('o',
                required_row(splitlane::OptionKind::kPath, "output", "FOLDER",
                             "Folder to write to, made where it is missing: for each a CSV, a page in Markdown, a "
                             "script\nfor gnuplot and, where gnuplot is installed, the SVG it draws; and runs.csv")),
    with_letter('q', flag_row("quiet", "No progress on standard error")),
};

struct ReproduceArguments {
  std::string what;
  splitlane::Arguments options{kReproduceOptions, splitlane::Spelling::kCommandLine};
};

std::vector<const Artefact*> chosen_artefacts(const std::string& what) {
  const std::size_t position = splitlane::position_of_name("WHAT", what, artefact_choices());
  std::vector<const Artefact*> result;
  for (std::size_t index = 0; index < artefacts().size(); ++index) {
    if (position == 0 || position == index + 1) result.push_back(&artefacts()[index]);
  }
  return result;
}

constexpr std::size_t kWidth = 30;

/// A bar on a terminal, nothing elsewhere.
class Bar {
 public:
  Bar(std::string name, std::size_t total, bool wanted)
      : name_(std::move(name)), total_(total), wanted_(wanted && ::isatty(STDERR_FILENO) == 1) {}

  void show(std::size_t done) const {
    if (!wanted_) return;
    const std::size_t filled = total_ == 0 ? kWidth : done * kWidth / total_;
    write_standard_error(fmt::format("\r\x1b[K{:<7} [{}{}] {}/{} runs{}", name_, std::string(filled, '#'),
                                     std::string(kWidth - filled, '.'), done, total_, done == total_ ? "\n" : ""));
  }

 private:
  std::string name_;
  std::size_t total_;
  bool wanted_;
};

// False when a signal came; what is done is kept in the table.
bool make_runs(const Artefact& artefact, RunTable& table, Runner& runner, const CancelOnSignal& cancel, bool quiet) {
  const std::vector<RunKey> runs = artefact.runs();
  const Bar bar(artefact.name, runs.size(), !quiet);
  for (std::size_t done = 0; done < runs.size(); ++done) {
    bar.show(done);
    if (table.find(runs[done]) != nullptr) continue;
    const RunResult result = runner.run(runs[done]);
    if (cancel.raised()) return false;  // a run that was cut short is no result
    table.add(runs[done], result);
  }
  bar.show(runs.size());
  return true;
}

// False where gnuplot is not installed or fails; the script stays for a later day.
bool draw(const std::string& folder, const std::string& script) {
  const std::string command = R"(cd "$1" && exec gnuplot "$2")";
  std::array<std::string, 6> words = {"sh", "-c", command, "sh", folder, script};
  std::array<char*, 7> arguments{};
  for (std::size_t index = 0; index < words.size(); ++index) arguments[index] = words[index].data();
  pid_t child = 0;
  if (::posix_spawn(&child, "/bin/sh", nullptr, nullptr, arguments.data(), environ) != 0) return false;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void write_pages(const Artefact& artefact, const Pages& pages, const std::filesystem::path& folder) {
  const std::string name = artefact.name;
  std::vector<splitlane::OutputFile> files = {{(folder / (name + ".csv")).string(), pages.csv},
                                              {(folder / (name + ".md")).string(), pages.markdown}};
  if (!pages.gnuplot.empty()) files.push_back({(folder / (name + ".gp")).string(), pages.gnuplot});
  write_documents(files);
  if (pages.gnuplot.empty()) return;
  if (!draw(folder.string(), name + ".gp")) {
    write_standard_error(fmt::format("{0}: no figure, gnuplot is missing or failed; later: gnuplot {0}.gp\n", name));
  }
}

// What runs must share to stand in one table.
std::string runs_source(const std::optional<std::string>& measurements) {
  return fmt::format("splitlane {}; at most {} s for ilp, {} s for admm, {} s for the others; {}", splitlane::kVersion,
                     kIlpSeconds, kAdmmSeconds, kSearchSeconds,
                     measurements ? "layer times of " + *measurements : "shipped profiles");
}

int run_reproduce(const ReproduceArguments& arguments) {
  const std::vector<const Artefact*> chosen = chosen_artefacts(arguments.what);
  const std::filesystem::path folder = arguments.options.path("output");
  std::optional<std::string> measurements;
  if (arguments.options.has("measurements")) measurements = arguments.options.path("measurements");
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  splitlane::require_writable((folder / "runs.csv").string());
  const CancelOnSignal cancel;
  Runner runner(measurements, cancel.flag());
  RunTable table((folder / "runs.csv").string(), runs_source(measurements));
  std::vector<std::string_view> written;
  for (const Artefact* artefact : chosen) {
    if (!make_runs(*artefact, table, runner, cancel, arguments.options.has("quiet"))) {
      write_standard_error("\nstopped; the same command goes on from here\n");
      break;
    }
    write_pages(*artefact, artefact->pages(table, runner), folder);
    written.emplace_back(artefact->name);
  }
  write_standard_output(fmt::format("{}: {}\n", folder.string(), fmt::join(written, ", ")));
  return 0;
}

}  // namespace

Verb add_reproduce_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "reproduce", "Redo the tables and figures of the paper (INFOCOM 2024)");
  const auto arguments = std::make_shared<ReproduceArguments>();
  verb->add_option("WHAT", arguments->what, fmt::format("One of {}", fmt::join(artefact_choices(), ", ")))
      ->required()
      ->option_text("(required)");
  add_options(*verb, arguments->options);
  verb->footer(fmt::format(
      "Every run is kept in runs.csv, so that the same command after Ctrl-C goes on where it stood; remove the file\n"
      "to start anew. Runs of another version or with other layer times do not count. A run may take: ilp {:.0f} s,\n"
      "admm {:.0f} s, exact and equid {:.0f} s; all together some quarter of an hour on two cores.\n"
      "\nExample: splitlane reproduce fig8 -o reproduction",
      kIlpSeconds, kAdmmSeconds, kSearchSeconds));
  return {verb, [arguments] { return run_reproduce(*arguments); }};
}
