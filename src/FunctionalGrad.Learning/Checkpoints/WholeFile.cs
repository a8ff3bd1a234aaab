namespace FunctionalGrad.Learning;

/// <summary>
/// Files that are there in full or not at all. What is written goes to a file beside, reaches the disk, and takes the place
/// of the old file in one act of the file system.
/// </summary>
internal static class WholeFile
{
    private const string Partial = ".partial";

    public static void Write(string path, Action<Stream> content)
    {
        var place = Path.GetFullPath(path);
        DeleteAbandoned(place);

        // A name that nobody else uses, so that two writers at once cannot mix their bytes: the later one wins.
        var partial = $"{place}.{Guid.NewGuid():N}{Partial}";
        try
        {
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                content(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, place, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    // What writers left behind that were killed. One that is still at work holds its file, which then cannot be opened.
    private static void DeleteAbandoned(string place)
    {
        var start = Path.GetFileName(place) + ".";
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(place) ?? place, "*" + Partial))
        {
            var name = Path.GetFileName(file);
            if (name.Length > start.Length + Partial.Length
                && name.StartsWith(start, StringComparison.Ordinal)
                && Guid.TryParseExact(name[start.Length..^Partial.Length], "N", out _))
            {
                try
                {
                    new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
                }
                catch (Exception held) when (held is IOException or UnauthorizedAccessException)
                {
                    // Left to whoever holds it.
                }
            }
        }
    }
}
