#include "check/verify/tree.hpp"

#include <cstdint>
#include <vector>

#include "check/verify/domains.hpp"
#include "check/verify/packing.hpp"
#include "check/verify/preorder.hpp"
#include "check/verify/price_leaf.hpp"
#include "check/verify/rows.hpp"
#include "check/verify/symmetry.hpp"

namespace splitlane::verify_detail {

namespace {

class TreeVisitor {
 public:
  TreeVisitor(const RootOptions& root, Scene& scene)
      : root_(root),
        scene_(scene),
        domains_(scene.instance, root),
        rows_(root, scene),
        price_leaves_(domains_, rows_, scene) {}

  std::size_t mark() const { return domains_.mark(); }
  void undo(std::size_t mark) { domains_.undo(mark); }

  int enter(std::size_t step) {
    const ProofStep& rule = scene_.certificate.steps[step];
    scene_.effort.spend(1);
    switch (rule.kind) {
      case ProofStep::Kind::kPrices:
        price_leaves_.check(rule.rows);
        ++scene_.report.leaves;
        return 0;
      case ProofStep::Kind::kPackings:
        check_packing_leaf(rule.values, rule.packings, {root_, domains_, rows_, scene_});
        ++scene_.report.leaves;
        return 0;
      case ProofStep::Kind::kSplit:
        require_split(rule);
        keep(rule, true);
        ++scene_.report.splits;
        return 2;
      case ProofStep::Kind::kSymmetry:
        use_symmetry(rule);
        ++scene_.report.symmetries;
        return 1;
    }
    refuse("no such kind of step");
  }

  void enter_second(std::size_t step) { keep(scene_.certificate.steps[step], false); }

 private:
  void require_client(ClientIndex client) const {
    if (client.value() >= scene_.instance.client_count()) refuse("no such client");
  }

  void require_split(const ProofStep& rule) const {
    require_client(rule.client);
    for (std::size_t position = 0; position < rule.options.size(); ++position) {
      const std::size_t option = rule.options[position].value();
      if (option < scene_.instance.option_count() && root_.client(OptionIndex(option)) == rule.client) continue;
      within("options", position,
             [&] { refuse(fmt::format("not an option of client \"{}\"", scene_.instance.client_id(rule.client))); });
    }
  }

  // Leaves the client its options that are named, or those that are not (rule T3).
  void keep(const ProofStep& rule, bool named) {
    const IndexRange<OptionIndex> options = scene_.instance.options(rule.client);
    scene_.effort.spend(options.size() + rule.options.size());
    std::vector<bool> is_named(options.size(), false);
    for (const OptionIndex option : rule.options) is_named[option.value() - options[0].value()] = true;
    for (std::size_t position = 0; position < options.size(); ++position) {
      if (is_named[position] != named) domains_.remove(options[position]);
    }
  }

  // Rule T4.
  void use_symmetry(const ProofStep& rule) {
    require_client(rule.client);
    for (const HelperIndex helper : {rule.kept, rule.dropped}) {
      if (helper.value() >= scene_.instance.helper_count()) refuse("no such helper");
    }
    if (rule.kept == rule.dropped) refuse("a helper is interchangeable with itself");
    const std::vector<OptionIndex> dropped = allowed_options(rule.dropped, root_, domains_);
    require_interchangeable(rule.kept, rule.dropped, allowed_options(rule.kept, root_, domains_), dropped, root_,
                            scene_);
    for (const OptionIndex option : dropped) {
      if (root_.client(option) == rule.client) domains_.remove(option);
    }
  }

  const RootOptions& root_;
  Scene& scene_;
  Domains domains_;
  RowBook rows_;
  PriceLeafCheck price_leaves_;
};

}  // namespace

void check_tree(const RootOptions& root, Scene& scene) {
  TreeVisitor visitor(root, scene);
  walk_preorder("steps", scene.certificate.steps.size(), visitor);
}

}  // namespace splitlane::verify_detail
