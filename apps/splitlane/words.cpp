#include "words.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "measure_options.hpp"
#include "node_options.hpp"
#include "profile_import.hpp"
#include "reproduction/artefact.hpp"
#include "splitlane/io/shipped_profiles.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/planning/option.hpp"
#include "splitlane/profile/architecture.hpp"
#include "train_options.hpp"

namespace {

using Words = std::vector<std::string>;
using WordsByOption = std::map<std::string, Words>;

template <class Names>
Words words_of(const Names& names) {
  return Words(names.begin(), names.end());
}

template <class Things>
Words names_of(const Things& things) {
  Words names;
  for (const auto& thing : things) names.emplace_back(thing.name);
  return names;
}

void add_words(const std::string& verb, std::span<const splitlane::Option> options, WordsByOption& words) {
  for (const splitlane::Option& option : options) {
    const std::string name = verb + ' ' + splitlane::option_name(option, splitlane::Spelling::kCommandLine);
    if (!option.words.empty()) words[name] = words_of(option.words);
    if (option.kind == splitlane::OptionKind::kMethod || option.kind == splitlane::OptionKind::kMethods) {
      words[name] = names_of(splitlane::methods());
    }
  }
}

WordsByOption all_words() {
  const Words models = words_of(splitlane::architecture_names());
  const Words devices = names_of(splitlane::shipped_devices());
  const Words links = names_of(splitlane::shipped_links());
  WordsByOption words = {
      {"--model", models},
      {"profile model NAME", models},
      {"profile measure --network", models},
      {"--base", devices},
      {"--client-devices", devices},
      {"--helper-devices", devices},
      {"profile device NAME", devices},
      {"--link", links},
      {"profile link NAME", links},
      {"reproduce WHAT", words_of(artefact_choices())},
  };
  add_words("plan", splitlane::plan_options(), words);
  add_words("compare", splitlane::compare_options(), words);
  add_words("whatif", splitlane::what_if_options(), words);
  add_words("round", splitlane::round_options(), words);
  add_words("simulate", splitlane::simulation_options(), words);
  add_words("scenario", splitlane::scenario_options(), words);
  add_words("instance", splitlane::instance_options(), words);
  add_words("train", train_options(), words);
  add_words("profile import", import_options(), words);
  add_words("aggregator", aggregator_options(), words);
  add_words("profile measure", measure_options(), words);
  return words;
}

}  // namespace

std::string words_document() {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer writer(buffer);
  writer.StartObject();
  for (const auto& [option, words] : all_words()) {
    writer.Key(option.c_str());
    writer.StartArray();
    for (const std::string& word : words) writer.String(word.c_str());
    writer.EndArray();
  }
  writer.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}
