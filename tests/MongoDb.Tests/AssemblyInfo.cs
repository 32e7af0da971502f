// The suites share servers, and one of them narrows the thread pool.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
