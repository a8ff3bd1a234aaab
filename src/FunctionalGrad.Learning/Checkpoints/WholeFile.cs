namespace FunctionalGrad.Learning;

/// <summary>
/// Files that are there in full or not at all. What is written goes to a file beside, reaches the disk, and takes the place
/// of the old file in one act of the file system.
/// </summary>
internal static class WholeFile
{
    public static void Write(string path, Action<Stream> content)
    {
        // One name, so that writers that were killed leave one such file, which the next one overwrites. Two writers at once
        // would mix their bytes: the second is refused, since the first holds the file until it has moved.
        var partial = path + ".partial";
        using var stream = new FileStream(
            partial, FileMode.OpenOrCreate, FileAccess.Write, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);
        if (!File.Exists(partial))
        {
            throw new IOException($"{path}: somebody else was writing it at the same time; give every run a file of its own");
        }

        try
        {
            stream.SetLength(0);
            content(stream);
            stream.Flush(flushToDisk: true);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
