#include "round_numbers.hpp"

#include <cstddef>
#include <utility>

#include "splitlane/error.hpp"

namespace splitlane::python {

namespace {

// One description of the order serves both directions: a visitor is shown every number, index and list in turn.
class Writer {
 public:
  template <class Number>
  void number(const Number& value) {
    numbers.push_back(static_cast<std::int64_t>(value));
  }
  template <class Index>
  void index(const Index& value) {
    number(value.value());
  }
  template <class Element>
  void length(const std::vector<Element>& list) {
    number(list.size());
  }

  std::vector<std::int64_t> numbers;
};

class Reader {
 public:
  explicit Reader(std::span<const std::int64_t> numbers) : numbers_(numbers) {}

  template <class Number>
  void number(Number& value) {
    value = static_cast<Number>(next());
  }
  template <class Index>
  void index(Index& value) {
    value = Index(static_cast<std::size_t>(next()));
  }
  template <class Element>
  void length(std::vector<Element>& list) {
    const std::int64_t length = next();
    // Every element is one number or more, so a longer list than there are numbers is of no round.
    if (length < 0 || static_cast<std::size_t>(length) > numbers_.size() - place_) refuse();
    list.resize(static_cast<std::size_t>(length));
  }
  void require_end() const {
    if (place_ != numbers_.size()) refuse();
  }

 private:
  [[noreturn]] static void refuse() {
    throw Error(ErrorCode::kInconsistent, {"round", "not the numbers of a round", "", "what pickling wrote"});
  }
  std::int64_t next() {
    if (place_ == numbers_.size()) refuse();
    return numbers_[place_++];
  }

  std::span<const std::int64_t> numbers_;
  std::size_t place_ = 0;
};

template <class Visitor, class Segments>
void visit_segments(Visitor& visitor, Segments& segments) {
  visitor.length(segments);
  for (auto& segment : segments) {
    visitor.index(segment.client);
    if constexpr (requires { segment.batch; }) visitor.number(segment.batch);
    visitor.number(segment.task);
    visitor.number(segment.start);
    visitor.number(segment.end);
  }
}

template <class Visitor, class Phase>
void visit_phase(Visitor& visitor, Phase& phase) {
  visitor.number(phase.first_batch);
  visitor.number(phase.batch_count);
  visitor.number(phase.makespan);
  visitor.length(phase.lanes);
  for (auto& lane : phase.lanes) {
    visitor.index(lane.helper);
    visit_segments(visitor, lane.segments);
  }
}

template <class Visitor, class Lanes>
void visit_lanes(Visitor& visitor, Lanes& lanes) {
  visitor.length(lanes);
  for (auto& lane : lanes) visit_segments(visitor, lane);
}

template <class Visitor, class AnyRound>
void visit(Visitor& visitor, AnyRound& round) {
  visitor.number(round.way);
  visitor.number(round.status);
  visitor.number(round.makespan);
  visitor.number(round.lower_bound);
  visitor.length(round.batches);
  for (auto& count : round.batches) visitor.number(count);
  visitor.length(round.choice);
  for (auto& option : round.choice) visitor.index(option);
  visitor.length(round.completion);
  for (auto& time : round.completion) visitor.number(time);
  visitor.length(round.phases);
  for (auto& phase : round.phases) visit_phase(visitor, phase);
  visit_lanes(visitor, round.lanes);
  visitor.length(round.ways);
  for (auto& trial : round.ways) {
    visitor.number(trial.way);
    visitor.number(trial.makespan);
    visitor.number(trial.lower_bound);
  }
}

}  // namespace

std::vector<std::int64_t> numbers_of(const Round& round) {
  Writer writer;
  visit(writer, round);
  return std::move(writer.numbers);
}

Round round_of(std::span<const std::int64_t> numbers) {
  Reader reader(numbers);
  Round round;
  visit(reader, round);
  reader.require_end();
  return round;
}

}  // namespace splitlane::python
