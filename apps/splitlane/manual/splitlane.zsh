#compdef splitlane
# Completion of splitlane for zsh; made by scripts/build-manual.

_splitlane() {
  local curcontext="$curcontext" state line
  _arguments -C \
    '(--version)--version[Print the version and exit]' \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '1: :->verb' '*:: :->rest'
  case $state in
    verb)
      local -a verbs=(
        'plan:Make a plan for an instance'
        'check:Recompute a plan or a round from its segments and name what is wrong'
        'verify:Check the proof that no plan is shorter than a plan says'
        'compare:Run several methods on an instance, one after the other'
        'report:Draw a plan, alone or beside what happened when it was followed'
        'info:Describe an instance\: counts, ranges, bounds, warnings'
        'profile:Describe networks, devices and links; import measurements'
        'instance:Make an instance from devices, layers and links'
        'scenario:Draw an instance of any size from a recipe'
        'whatif:Plan an instance with changes\: what would help first'
        'round:Make a round of many batches from the plan of one'
        'simulate:Execute a plan many times with times that differ from planned ones'
        'train:Train a network split between clients and helpers, by the plan'
        'reproduce:Redo the tables and figures of the paper (INFOCOM 2024)'
      )
      _describe verb verbs
      ;;
    rest)
      case $line[1] in
        plan) _splitlane_plan ;;
        check) _splitlane_check ;;
        verify) _splitlane_verify ;;
        compare) _splitlane_compare ;;
        report) _splitlane_report ;;
        info) _splitlane_info ;;
        profile) _splitlane_profile ;;
        instance) _splitlane_instance ;;
        scenario) _splitlane_scenario ;;
        whatif) _splitlane_whatif ;;
        round) _splitlane_round ;;
        simulate) _splitlane_simulate ;;
        train) _splitlane_train ;;
        reproduce) _splitlane_reproduce ;;
      esac
      ;;
  esac
}

_splitlane_plan() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(-o --output)-o+[File to write the plan to]:PLAN:_files' \
    '(-o --output)--output=[File to write the plan to]:PLAN:_files' \
    '(--method)--method=[How to plan, one of those below]:NAME:(auto exact scale admm paper-strategy ilp balanced-greedy equid ed-fcfs random-fcfs)' \
    '(--time-limit)--time-limit=[Seconds a method may take, reading and writing left out; the best plan so far is kept]:SECONDS: ' \
    '(--threads)--threads=[Threads, 1 to 1024; they never change the plan]:COUNT: ' \
    '(--seed)--seed=[Seed of all random choices, 0 to 2^53]:NUMBER: ' \
    '(--from)--from=[Start from this plan, of the same instance or of one that has since lost or gained clients or helpers; --method is then scale by default]:PLAN:_files' \
    '(--keep-assignment)--keep-assignment[With --from\: its clients keep their helpers and options, only the schedule is new]' \
    '(--max-moves)--max-moves=[With --from\: at most so many of its clients change helpers]:COUNT: ' \
    '(--rho)--rho=[admm\: penalty of (16), above 0; 350 is the published code'\''s]:NUMBER: ' \
    '(--epsilon1)--epsilon1=[admm\: (17), stop when fewer entries of y changed]:NUMBER: ' \
    '(--epsilon2)--epsilon2=[admm\: (18), and the forward makespan by less, in the instance'\''s time unit]:NUMBER: ' \
    '(--max-iterations)--max-iterations=[admm\: at most so many iterations, 1 to 1000000; 5 are the published code'\''s]:COUNT: ' \
    '(--certificate)--certificate=[File to write the proof of the lower bound to, for `splitlane verify`; half of --time-limit is for it; not every method has one]:FILE:_files' \
    '(--non-preemptive)--non-preemptive[Only plans whose tasks each run in one piece]' \
    '(--reproducible)--reproducible[Leave runtime_ms out of the document, so that the same input and seed give the same bytes]' \
    '(-q --quiet)-q[No summary and no progress on standard error]' \
    '(-q --quiet)--quiet[No summary and no progress on standard error]' \
    ':INSTANCE:_files'
}

_splitlane_check() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(--trace)--trace=[Also check this trace of an execution of the plan, a JSON file; - for standard input]:TRACE:_files' \
    '(-q --quiet)-q[Print nothing; the exit code tells]' \
    '(-q --quiet)--quiet[Print nothing; the exit code tells]' \
    ':INSTANCE:_files' \
    ':PLAN:_files'
}

_splitlane_verify() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(--time-limit)--time-limit=[Seconds that the check of the proof may take; what is not checked by then is not verified]:SECONDS: ' \
    '(-q --quiet)-q[Print nothing; the exit code tells]' \
    '(-q --quiet)--quiet[Print nothing; the exit code tells]' \
    ':INSTANCE:_files' \
    ':PLAN:_files' \
    ':CERTIFICATE:_files'
}

_splitlane_compare() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(--methods)--methods=[Which methods, separated by commas]:NAME,NAME,...:_sequence compadd - auto exact scale admm paper-strategy ilp balanced-greedy equid ed-fcfs random-fcfs' \
    '(--time-limit)--time-limit=[Seconds a method may take, reading and writing left out; the best plan so far is kept]:SECONDS: ' \
    '(--threads)--threads=[Threads, 1 to 1024; they never change the plan]:COUNT: ' \
    '(--seed)--seed=[Seed of all random choices, 0 to 2^53]:NUMBER: ' \
    ':INSTANCE:_files'
}

_splitlane_report() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(-o --output)-o+[File to write\: *.html is a page to explore the plan in, that opens in a browser without network; *.svg a Gantt figure; *.json a Chrome trace, in microseconds, for Perfetto or chrome\://tracing]:FILE:_files' \
    '(-o --output)--output=[File to write\: *.html is a page to explore the plan in, that opens in a browser without network; *.svg a Gantt figure; *.json a Chrome trace, in microseconds, for Perfetto or chrome\://tracing]:FILE:_files' \
    '(--against)--against=[Another plan of the instance to compare with, on a page]:PLAN:_files' \
    '(--trace)--trace=[A trace of an execution of the plan, a JSON file or - for standard input, to show beside the plan\: two rows per helper, late tasks, both critical paths]:TRACE:_files' \
    ':INSTANCE:_files' \
    ':PLAN:_files'
}

_splitlane_info() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    ':INSTANCE:_files'
}

_splitlane_profile() {
  local curcontext="$curcontext" state line
  _arguments -C \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '1: :->verb' '*:: :->rest'
  case $state in
    verb)
      local -a verbs=(
        'list:List the networks, devices and links that are shipped'
        'model:Write the document of a network'
        'device:Write the document of a device'
        'link:Write the document of a link'
        'import:Make a device document from tables of measured layers'
      )
      _describe verb verbs
      ;;
    rest)
      case $line[1] in
        list) _splitlane_profile_list ;;
        model) _splitlane_profile_model ;;
        device) _splitlane_profile_device ;;
        link) _splitlane_profile_link ;;
        import) _splitlane_profile_import ;;
      esac
      ;;
  esac
}

_splitlane_profile_list() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]'
}

_splitlane_profile_model() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(-o --output)-o+[File to write to]:FILE:_files' \
    '(-o --output)--output=[File to write to]:FILE:_files' \
    ':NAME: _alternative "names:name:(resnet101_cifar resnet101_mnist vgg19_cifar vgg19_mnist resnet18_cifar resnet18_imagenet resnet50_cifar resnet50_imagenet vgg11_cifar vgg11_imagenet mobilenetv2_cifar mobilenetv2_imagenet vgg19_bn_cifar vgg19_bn_mnist vgg11_bn_cifar resnet20_cifar resnet8_cifar)" "files:file:_files"'
}

_splitlane_profile_device() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(-o --output)-o+[File to write to]:FILE:_files' \
    '(-o --output)--output=[File to write to]:FILE:_files' \
    ':NAME: _alternative "names:name:(apple-m1 jetson-nano-cpu jetson-nano-gpu rpi-3 rpi-4 vm)" "files:file:_files"'
}

_splitlane_profile_link() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(-o --output)-o+[File to write to]:FILE:_files' \
    '(-o --output)--output=[File to write to]:FILE:_files' \
    ':NAME: _alternative "names:name:(akamai-france akamai-germany gigabit-ethernet home-wifi lte)" "files:file:_files"'
}

_splitlane_profile_import() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(--times)--times=[Table device,layer,forward_ms,backward_ms,update_ms]:CSV:_files' \
    '(--memory)--memory=[Table layer,activations_kb,weights_kb]:CSV:_files' \
    '(--model)--model=[The network that was measured\: a name of `profile list`, or a file]:NAME: _alternative "names:name:(resnet101_cifar resnet101_mnist vgg19_cifar vgg19_mnist resnet18_cifar resnet18_imagenet resnet50_cifar resnet50_imagenet vgg11_cifar vgg11_imagenet mobilenetv2_cifar mobilenetv2_imagenet vgg19_bn_cifar vgg19_bn_mnist vgg11_bn_cifar resnet20_cifar resnet8_cifar)" "files:file:_files"' \
    '(--batch)--batch=[Samples per measured batch]:COUNT: ' \
    '(--device)--device=[Which device of the table]:NAME:_files' \
    '(--base)--base=[Device to add the measurement to, a name or a file]:DEVICE:_files' \
    '(--activations)--activations=[What the memory table lists for a layer\: its output or its input]:SIDE:(output input)' \
    '(--zero-layers)--zero-layers=[What a time of 0 means for a layer that takes work\: unmeasured, or joined with the next]:NAME:(unmeasured joined)' \
    '(-o --output)-o+[File to write to]:DEVICE:_files' \
    '(-o --output)--output=[File to write to]:DEVICE:_files' \
    '(--folder)--folder=[Write every device of the table, to NAME.json in this folder]:FOLDER:_files -/' \
    '(-q --quiet)-q[No notes on standard error]' \
    '(-q --quiet)--quiet[No notes on standard error]'
}

_splitlane_instance() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(-o --output)-o+[File to write the instance to]:INSTANCE:_files' \
    '(-o --output)--output=[File to write the instance to]:INSTANCE:_files' \
    '(--time-unit)--time-unit=[Unit of all durations, us, ms or s; they are rounded up to whole ones]:UNIT:(us ms s)' \
    '(--slot)--slot=[Round up to slots of this length instead, such as 180ms, as the paper does]:TIME: ' \
    '(--model)--model=[Another network\: a name of `splitlane profile list`, or a file]:NAME: _alternative "names:name:(resnet101_cifar resnet101_mnist vgg19_cifar vgg19_mnist resnet18_cifar resnet18_imagenet resnet50_cifar resnet50_imagenet vgg11_cifar vgg11_imagenet mobilenetv2_cifar mobilenetv2_imagenet vgg19_bn_cifar vgg19_bn_mnist vgg11_bn_cifar resnet20_cifar resnet8_cifar)" "files:file:_files"' \
    '(--cuts)--cuts=[Other cut layers, for all clients\: a pair (3,33), or all pairs in ranges (2..9,27..34)]:LAYERS: ' \
    '(--batch)--batch=[Another batch size]:COUNT: ' \
    '(--optimizer)--optimizer=[Another optimizer, sgd, momentum or adam\: 0, 1 or 2 further copies of the weights in memory]:NAME:(sgd momentum adam)' \
    '(--local)--local[Also let each client train alone, where its memory permits]' \
    '(-q --quiet)-q[No notes on standard error]' \
    '(-q --quiet)--quiet[No notes on standard error]' \
    ':SETUP:_files'
}

_splitlane_scenario() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(--kind)--kind=[Which recipe\: scenario-1 (low heterogeneity) or scenario-2 (high) of INFOCOM 2024, or equid-1 to equid-4, the levels of EquiD]:NAME:(scenario-1 scenario-2 equid-1 equid-2 equid-3 equid-4)' \
    '(--model)--model=[Network\: a name of `splitlane profile list`, or a file]:NAME: _alternative "names:name:(resnet101_cifar resnet101_mnist vgg19_cifar vgg19_mnist resnet18_cifar resnet18_imagenet resnet50_cifar resnet50_imagenet vgg11_cifar vgg11_imagenet mobilenetv2_cifar mobilenetv2_imagenet vgg19_bn_cifar vgg19_bn_mnist vgg11_bn_cifar resnet20_cifar resnet8_cifar)" "files:file:_files"' \
    '(--clients)--clients=[How many clients]:COUNT: ' \
    '(--helpers)--helpers=[How many helpers]:COUNT: ' \
    '(--reach)--reach=[How many helpers each client reaches, or all]:COUNT: ' \
    '(--topology)--topology=[Which ones\: random, the nearest when all are spread over a plane, or neighbours on a ring]:NAME:(random plane ring)' \
    '(--memory)--memory=[What bounds the helpers'\'' memory\: none, ram (as the recipe says), or tight (just enough for one assignment)]:NAME:(none ram tight)' \
    '(--seed)--seed=[Seed of all random choices, 0 to 2^53]:NUMBER: ' \
    '(--batch)--batch=[Samples per batch]:COUNT: ' \
    '(--optimizer)--optimizer=[sgd, momentum or adam\: 0, 1 or 2 further copies of the weights in memory]:NAME:(sgd momentum adam)' \
    '(--client-devices)--client-devices=[Types to draw clients from, names or files]:LIST:_sequence compadd - apple-m1 jetson-nano-cpu jetson-nano-gpu rpi-3 rpi-4 vm' \
    '(--helper-devices)--helper-devices=[Types to draw helpers from, names or files]:LIST:_sequence compadd - apple-m1 jetson-nano-cpu jetson-nano-gpu rpi-3 rpi-4 vm' \
    '(--link)--link=[Link or distribution of links, a name or a file]:NAME: _alternative "names:name:(akamai-france akamai-germany gigabit-ethernet home-wifi lte)" "files:file:_files"' \
    '(--cuts)--cuts=[Cut layers, a pair (3,33) or ranges to draw from (2..9,27..34)]:LAYERS: ' \
    '(--every-cut)--every-cut[Every pair of the ranges that fits a client is an option of it, in place of one drawn]' \
    '(--local)--local[Also let each client train alone, where its memory permits]' \
    '(--measurements)--measurements=[Folder with MODEL_times.csv, whose measured layer times take the place of the shipped rates]:FOLDER:_files -/' \
    '(--zero-layers)--zero-layers=[What a measured 0 means for a layer that takes work\: unmeasured (no part may hold it), or joined (booked at the next layer)]:NAME:(unmeasured joined)' \
    '(--time-unit)--time-unit=[Unit of all durations, us, ms or s; they are rounded up to whole ones]:UNIT:(us ms s)' \
    '(--slot)--slot=[Round up to slots of this length instead, such as 180ms, as the paper does]:TIME: ' \
    '(-o --output)-o+[File to write the instance to]:INSTANCE:_files' \
    '(-o --output)--output=[File to write the instance to]:INSTANCE:_files' \
    '(-q --quiet)-q[No notes on standard error]' \
    '(-q --quiet)--quiet[No notes on standard error]'
}

_splitlane_whatif() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(--method)--method=[How to plan]:NAME:(auto exact scale admm paper-strategy ilp balanced-greedy equid ed-fcfs random-fcfs)' \
    '(--time-limit)--time-limit=[Seconds for each plan]:SECONDS: ' \
    '(--threads)--threads=[Threads, 1 to 1024; they never change the plan]:COUNT: ' \
    '(--seed)--seed=[Seed of all random choices, 0 to 2^53]:NUMBER: ' \
    '(--non-preemptive)--non-preemptive[Only plans whose tasks each run in one piece]' \
    '(--faster)--faster=[How much faster "faster" is, 1 to 100 %]:PERCENT: ' \
    '(--json)--json[Write a JSON document instead of a table]' \
    '(-q --quiet)-q[No progress on standard error]' \
    '(-q --quiet)--quiet[No progress on standard error]' \
    '*--faster-client=[Shorten what is the client'\''s and its link'\''s, local training too (1 to 100 %)]:ID=PERCENT: ' \
    '*--faster-helper=[Shorten forward and backward of all clients on this helper (1 to 100 %)]:ID=PERCENT: ' \
    '*--add-helper=[Add copies of this helper]:ID\[=COUNT\]: ' \
    '*--more-memory=[Give this helper more memory]:ID=MB: ' \
    '*--without-client=[Remove this client]:ID: ' \
    '(-o --output)-o+[File to write the changed instance to]:INSTANCE:_files' \
    '(-o --output)--output=[File to write the changed instance to]:INSTANCE:_files' \
    ':INSTANCE:_files' \
    '::PLAN:_files'
}

_splitlane_round() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(--batches)--batches=[How many batches each client trains, a JSON file; - for standard input]:FILE:_files' \
    '(--way)--way=[barrier\: a batch starts when all clients have completed the one before, as in the paper; pipelined\: no barrier; best\: the shortest of all]:WAY:(barrier pipelined best)' \
    '(--time-limit)--time-limit=[Seconds for making and checking rounds, bound, assignment and, with -o, writing; reading is left out]:SECONDS: ' \
    '(--threads)--threads=[Threads, 1 to 1024; they never change the round]:COUNT: ' \
    '(-o --output)-o+[File to write the round to]:ROUND:_files' \
    '(-o --output)--output=[File to write the round to]:ROUND:_files' \
    '(-q --quiet)-q[No summary and no progress]' \
    '(-q --quiet)--quiet[No summary and no progress]' \
    ':INSTANCE:_files' \
    ':PLAN:_files'
}

_splitlane_simulate() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(--executions)--executions=[How many executions, 1 to 1000000]:COUNT: ' \
    '(--rules)--rules=[Which rules, separated by commas\: planned, first-come, longest-tail, longest-path]:LIST:_sequence compadd - planned first-come longest-tail longest-path' \
    '(--noise)--noise=[Standard deviation of the logarithm of each duration'\''s factor, 0 to 3; the factors have mean 1]:SIGMA:_files' \
    '(--device-noise)--device-noise=[The same of each client and helper, one factor an execution]:SIGMA:_files' \
    '*--noisy=[The same of this client or helper, instead of --device-noise; repeatable]:ID=SIGMA: ' \
    '(--drift)--drift=[The same of how each has changed by the planned makespan]:SIGMA:_files' \
    '(--layers)--layers=[Equal layers of a task, between which alone it is paused, up to 1000; 0\: anywhere]:COUNT: ' \
    '*--straggler=[This client or helper takes FACTOR times as long, 0.001 to 1000; repeatable]:ID=FACTOR: ' \
    '(--random-stragglers)--random-stragglers=[So many clients, drawn anew for each execution, take FACTOR times as long]:COUNT=FACTOR: ' \
    '*--lose=[This client or helper is gone from TIME on, in the instance'\''s unit; repeatable]:ID@TIME: ' \
    '(--replan)--replan[After a lost helper plan again, by method scale]' \
    '(--replan-every)--replan-every=[Plan again, with the speeds seen so far, at each multiple of TIME at which a task was late, in the instance'\''s unit; 0\: only after losses]:TIME: ' \
    '(--max-moves)--max-moves=[Planning again may move so many clients off helpers that are not lost; a client that moves begins its batch again]:COUNT: ' \
    '(--planning-time)--planning-time=[From a loss until the new plan is in force, in the instance'\''s unit]:TIME: ' \
    '(--batches)--batches=[Follow the best round of so many batches each client instead]:FILE:_files' \
    '(--regret)--regret[Also plan each execution by method auto with its true times known beforehand, and without what is lost]' \
    '(--slack)--slack=[Also follow plans that method auto makes for these percentiles of the durations, 1 to 99, separated by commas]:LIST:_files' \
    '(--time-limit)--time-limit=[Seconds; what was executed by then is shown]:SECONDS: ' \
    '(--threads)--threads=[Threads, 1 to 1024; they never change the numbers]:COUNT: ' \
    '(--seed)--seed=[Seed of all random choices, 0 to 2^53]:NUMBER: ' \
    '(-o --output)-o+[File to write the trace of the first execution under the first rule to]:TRACE:_files' \
    '(-o --output)--output=[File to write the trace of the first execution under the first rule to]:TRACE:_files' \
    '(-q --quiet)-q[No table]' \
    '(-q --quiet)--quiet[No table]' \
    ':INSTANCE:_files' \
    ':PLAN:_files'
}

_splitlane_train() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(-o --output)-o+[Folder for plans, traces, metrics, checkpoint and report; made where it is missing]:FOLDER:_files -/' \
    '(-o --output)--output=[Folder for plans, traces, metrics, checkpoint and report; made where it is missing]:FOLDER:_files -/' \
    '(--network)--network=[Network to train, a name of `splitlane profile list`; of a setup its own where it is one of them]:NAME:_files' \
    '(--torchscript)--torchscript=[Network to train, a TorchScript file with a Sequential on top]:FILE:_files' \
    '(--idle)--idle[A network that computes nothing but takes the time and sends the bytes of the real one]' \
    '(--data)--data=[What to learn from\: cifar10, cifar100, idx, numpy, or synthetic, which needs no files]:KIND: _alternative "names:name:(cifar10 cifar100 idx numpy synthetic)" "files:file:_files"' \
    '(--data-folder)--data-folder=[Folder of the data'\''s files\: cifar10, cifar100, idx]:FOLDER:_files -/' \
    '(--images)--images=[File of the samples\: numpy, idx]:FILE:_files' \
    '(--labels)--labels=[File of their labels]:FILE:_files' \
    '(--dirichlet)--dirichlet=[Divide each class among the clients by shares drawn with this concentration; the smaller, the fewer classes a client has]:ALPHA:_files' \
    '(--rounds)--rounds=[Rounds, 1 to 1000000]:COUNT: ' \
    '(--batches)--batches=[Batches of each client in a round, 1 to 1000000]:COUNT: ' \
    '(--batch)--batch=[Samples of a batch, 1 to 1000000]:COUNT: ' \
    '(--optimizer)--optimizer=[sgd, momentum or adam]:NAME:(sgd momentum adam)' \
    '(--learning-rate)--learning-rate=[Learning rate of the first round]:NUMBER: ' \
    '(--seed)--seed=[Seed of weights, data and order, 0 to 2^53]:NUMBER: ' \
    '(--rule)--rule=[Which of its ready tasks a helper runs next]:RULE:(planned first-come longest-tail longest-path)' \
    '(--assignment)--assignment=[Who chooses the helpers\: planned (the method) or random (the paper'\''s baseline)]:WAY:(planned random)' \
    '(--method)--method=[Method that plans]:METHOD:(auto exact scale admm paper-strategy ilp balanced-greedy equid ed-fcfs random-fcfs)' \
    '(--time-limit)--time-limit=[Seconds that planning a round may take]:SECONDS: ' \
    '(--time-scale)--time-scale=[Emulated devices and links take this many times as long as their profiles say]:NUMBER: ' \
    '(--no-emulation)--no-emulation[Compute and send as fast as this machine goes]' \
    '(--threads)--threads=[Threads that compute layers, 1 to 1024; they never change the weights]:COUNT: ' \
    '(--resume)--resume[Go on from the checkpoint in the folder]' \
    '(--processes)--processes[Every node in a process of its own]' \
    '(--unsplit)--unsplit[Train without helpers, one client after the other, in one thread, and write the checkpoint alone\: the weights must be the same to the bit]' \
    '(--dry-run)--dry-run[Only say what would run, how long it would take, and whether memory suffices]' \
    '(-q --quiet)-q[Print no line for each round, and show no progress]' \
    '(-q --quiet)--quiet[Print no line for each round, and show no progress]' \
    ':TRAINING:_files'
}

_splitlane_reproduce() {
  _arguments -s \
    '(-h --help)-h[Print this help and exit]' \
    '(-h --help)--help[Print this help and exit]' \
    '(--measurements)--measurements=[Folder with MODEL_times.csv, the measured layer times]:FOLDER:_files -/' \
    '(-o --output)-o+[Folder to write to, made where it is missing\: for each a CSV, a page in Markdown, a script for gnuplot and, where gnuplot is installed, the SVG it draws; and runs.csv (required)]:FOLDER:_files -/' \
    '(-o --output)--output=[Folder to write to, made where it is missing\: for each a CSV, a page in Markdown, a script for gnuplot and, where gnuplot is installed, the SVG it draws; and runs.csv (required)]:FOLDER:_files -/' \
    '(-q --quiet)-q[No progress on standard error]' \
    '(-q --quiet)--quiet[No progress on standard error]' \
    ':WHAT:(all table2 fig5 fig6 fig7 fig8)'
}

_splitlane "$@"
