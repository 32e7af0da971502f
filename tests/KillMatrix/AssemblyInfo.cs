// Hosts wait for each other more than they work: all scenarios at once, also where there are few processors.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
