using FunctionalGrad.Learning;

namespace FunctionalGrad.Samples;

/// <summary>Files of lines that a sample writes where its user says.</summary>
internal static class OutputFile
{
    /// <summary>Finds out before hours of work that a file could not be written after them.</summary>
    /// <exception cref="UserErrorException">The path names a folder, or a file in a folder that does not exist.</exception>
    public static void RequirePlaceFor(string path, string option)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path))
        {
            throw new UserErrorException($"{option} {path}: that is a folder; name a file in it");
        }

        if (folder is not null && !Directory.Exists(folder))
        {
            throw new UserErrorException($"{option} {path}: there is no folder {folder}; create it first, or name another");
        }
    }

    /// <summary>Writes a file, replacing one that is there: at every moment the old one or the new one is there, whole.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<string> lines)
    {
        try
        {
            WholeFile.Write(path, stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                foreach (var line in lines)
                {
                    writer.WriteLine(line);
                }
            });
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"cannot write {path}: {problem.Message}");
        }
    }
}
